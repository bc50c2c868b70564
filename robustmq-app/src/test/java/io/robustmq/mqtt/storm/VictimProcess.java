/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link StormVictim} in a process of its own. Confined to the test's thread. */
final class VictimProcess {
    private final Process process;
    private final Path log;

    VictimProcess(Path temp, List<String> command) throws IOException {
        log = Files.createTempFile(temp, "victim", ".log");
        process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    void serve(int round) throws IOException {
        process.getOutputStream().write((round + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        BufferedReader told =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        StringBuilder said = new StringBuilder();
        String line = told.readLine();
        while (line != null && !line.equals("serving")) {
            said.append(line).append('\n');
            line = told.readLine();
        }
        assertThat(line).as("round %d: %s%s", round, said, log()).isEqualTo("serving");
    }

    void serveFor(int millis) throws Exception {
        assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).as(log()).isFalse();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    void kill() throws Exception {
        process.destroyForcibly().waitFor();
        Files.deleteIfExists(log);
    }

    void end() throws Exception {
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(log()).isZero();
    }
}
