/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.robustmq.app.tls.ClientTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a load is told whatever its protocol: where the server is, how long, what is measured of it. Filled by picocli, then only read. */
abstract class CommonOptions {
    @Option(names = "--host", defaultValue = "127.0.0.1", description = "of the broker (default ${DEFAULT-VALUE})")
    String host = "";

    @Option(
            names = {"-d", "--duration"},
            converter = Seconds.class,
            defaultValue = "10s",
            description = "what is measured (default ${DEFAULT-VALUE})")
    Duration duration = Duration.ZERO;

    @Option(
            names = "--warmup",
            converter = Seconds.class,
            defaultValue = "0s",
            description = "load before measuring (default ${DEFAULT-VALUE})")
    Duration warmup = Duration.ZERO;

    @Option(
            names = "--warmup-cpu",
            converter = Seconds.class,
            defaultValue = "0s",
            description = "warms until the server has used so much CPU: a JVM compiles by work, not by the clock")
    Duration warmupCpu = Duration.ZERO;

    @Option(names = "--pid", description = "of the server, to read its CPU time and memory")
    @Nullable
    Long pid;

    @Option(names = "--pidfile", description = "holds the server's pid")
    @Nullable
    Path pidFile;

    @Option(names = "--tls", description = "encrypts; the port is that of TLS unless --port says another")
    boolean tls;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "PEM of the authorities that may sign the broker's certificate (default: those that Java knows)")
    private @Nullable Path caFile;

    @Option(names = "--cert", paramLabel = "FILE", description = "PEM of a certificate of the clients")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "PEM of its key (default: it is in the file of --cert)")
    private @Nullable Path key;

    @Option(
            names = {"-u", "--user", "--username"},
            paramLabel = "NAME",
            description = "of every client")
    @Nullable
    String user;

    @Option(names = "--password-file", paramLabel = "FILE", description = "its first line is the password of --user")
    private @Nullable Path passwordFile;

    @Option(
            names = {"-P", "--password"},
            paramLabel = "TEXT",
            description = "of --user; others on this machine see it: rather --password-file")
    private @Nullable String password;

    @Option(names = "--json", description = "prints the summary as JSON")
    boolean json;

    /** Fails with a sentence when these options make no sense. */
    final void checkCommon() {
        require(!duration.isZero(), "--duration is not 0");
        require(pid == null || pidFile == null, "--pid or --pidfile, not both");
        require(tls || caFile == null && certificate == null && key == null, "--ca-file, --cert and --key need --tls");
        require(password == null || passwordFile == null, "--password or --password-file, not both");
        require(user != null || password == null && passwordFile == null, "a password needs --user");
        Path trusted = caFile;
        require(trusted == null || Files.isReadable(trusted), trusted + " cannot be read");
        tls();
        password();
        require(warmupCpu.isZero() || pid != null || pidFile != null, "--warmup-cpu needs --pid or --pidfile");
    }

    /** What is said about TLS; fails with a sentence when it makes no sense. */
    final ClientTls tls() {
        return new ClientTls(caFile, certificate, key, false);
    }

    final @Nullable Path caFile() {
        return caFile;
    }

    /** Of every client; null for none. */
    final @Nullable String password() {
        Path file = passwordFile;
        if (file == null) {
            return password;
        }
        try (Stream<String> lines = Files.lines(file)) {
            String line = lines.findFirst().orElse("").strip();
            require(!line.isEmpty(), file + " is empty: its first line is the password");
            return line;
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(file + " cannot be read", e);
        }
    }

    static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
