/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import io.robustmq.node.StartRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The inner port lets whoever reaches it do everything, so it leaves the loopback only with proof of who calls. */
public final class InnerPortExposure {
    /** What {@code openssl rand -hex 16} makes: whoever reaches the port may try guesses at home. */
    static final int SECRET_CHARS_MIN = 32;

    private static final String SECRET = "robustmq.rpc.shared-secret";
    private static final String FILE = "robustmq.rpc.shared-secret-file";
    private static final String BUNDLE = "robustmq.rpc.tls.bundle";

    private InnerPortExposure() {}

    /** @throws StartRefusedException when strangers could reach the inner port, or the proof that is asked for is none */
    public static void check(RobustMqProperties properties) {
        RobustMqProperties.Rpc rpc = properties.rpc();
        long proofs = Stream.of(
                        rpc.sharedSecret(), rpc.sharedSecretFile(), rpc.tls().bundle())
                .filter(each -> each != null)
                .count();
        if (proofs > 1) {
            throw new StartRefusedException(
                    "Of " + SECRET + ", " + FILE + " and " + BUNDLE + " more than one is set.",
                    "Keep one, the same on all nodes: they cannot tell which of them others mean.");
        }
        if (!rpc.tls().allowedNames().isEmpty() && rpc.tls().bundle() == null) {
            throw RobustMqProperties.refused(
                    "robustmq.rpc.tls.allowed-names",
                    String.join(",", rpc.tls().allowedNames()),
                    "set " + BUNDLE + " as well, or leave the names out");
        }
        secrets(rpc);
        if (proofs == 0) {
            requireLoopback(properties);
        }
    }

    private static void requireLoopback(RobustMqProperties properties) {
        String address = properties.rpcBindAddress();
        String key = properties.rpc().bindAddress() != null ? "robustmq.rpc.bind-address" : "robustmq.bind-address";
        InetAddress resolved;
        try {
            resolved = InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw RobustMqProperties.refused(key, address, "name an address of this machine, 127.0.0.1 or 0.0.0.0");
        }
        if (!resolved.isLoopbackAddress()) {
            throw new StartRefusedException(
                    "The inner port would listen on " + address
                            + ", off the loopback, and nothing is set that says who may call.",
                    "Set " + FILE + " (one file for all nodes: openssl rand -hex 32) or " + BUNDLE
                            + ", or robustmq.rpc.bind-address to 127.0.0.1 for a node that is alone.");
        }
    }

    /** The shared secrets, the one to prove first; none when there is nothing of the kind. */
    public static List<String> secrets(RobustMqProperties.Rpc rpc) {
        if (rpc.sharedSecret() != null) {
            return List.of(checked(SECRET, rpc.sharedSecret().trim()));
        }
        if (rpc.sharedSecretFile() == null) {
            return List.of();
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(rpc.sharedSecretFile())).stream()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            // Not its cause: one that cannot decode the file could quote from it.
            throw RobustMqProperties.refused(FILE, rpc.sharedSecretFile(), "name a text file that this node can read");
        }
        if (lines.isEmpty()) {
            throw RobustMqProperties.refused(FILE, rpc.sharedSecretFile(), "name a file that is not empty");
        }
        lines.forEach(line -> checked("A line of " + FILE, line));
        return lines;
    }

    private static String checked(String where, String secret) {
        if (secret.length() < SECRET_CHARS_MIN) {
            throw new StartRefusedException(
                    where + " has " + secret.length() + " characters, and so few can be guessed.",
                    "Give it " + SECRET_CHARS_MIN + " or more, at random: openssl rand -hex 32.");
        }
        return secret;
    }
}
