/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.mqtt.InProcessBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** kcat and the mosquitto tools as Debian has them, pointed at one broker. Immutable. */
public record ClientTools(int mqttPort, int kafkaPort) {

    static ClientTools of(InProcessBroker broker) {
        return new ClientTools(broker.tcpPort(), broker.kafkaPort());
    }

    /** Skips the test where they are missing. */
    public static void assumeInstalled() {
        assumeTrue(
                installed("kcat") && installed("mosquitto_pub") && installed("mosquitto_sub"), "clients are missing");
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    public Process start(String program, String... arguments) throws IOException {
        // Into a pipe the tools write whole blocks; stdbuf is part of coreutils.
        List<String> command = new ArrayList<>(List.of("stdbuf", "-oL", program));
        if (program.equals("kcat")) {
            command.addAll(List.of("-b", "127.0.0.1:" + kafkaPort));
        } else {
            command.addAll(List.of("-h", "127.0.0.1", "-p", "" + mqttPort));
        }
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public String run(String input, String program, String... arguments) throws Exception {
        Process process = start(program, arguments);
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s %s: %s", program, List.of(arguments), output)
                .isZero();
        return output;
    }

    /** The lines up to the first that starts like that. */
    public static List<String> await(BufferedReader output, String wanted) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith(wanted)) {
                return lines;
            }
        }
        throw new AssertionError("no " + wanted + " in " + lines);
    }
}
