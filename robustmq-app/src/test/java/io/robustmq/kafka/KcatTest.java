/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** kcat (librdkafka) and the mosquitto tools as Debian has them, over one log. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KcatTest {
    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        assumeTrue(
                installed("kcat") && installed("mosquitto_pub") && installed("mosquitto_sub"), "clients are missing");
        broker = InProcessBroker.start();
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static Process start(String program, String... arguments) throws IOException {
        // Into a pipe the tools write whole blocks; stdbuf is part of coreutils.
        List<String> command = new ArrayList<>(List.of("stdbuf", "-oL", program));
        if (program.equals("kcat")) {
            command.addAll(List.of("-b", "127.0.0.1:" + broker.kafkaPort()));
        } else {
            command.addAll(List.of("-h", "127.0.0.1", "-p", "" + broker.tcpPort()));
        }
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String run(String input, String program, String... arguments) throws Exception {
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

    private static void create(String name) {
        broker.broker()
                .ports()
                .topics()
                .create(new TopicRequest(Tenants.DEFAULT, name, 1, List.of(), null, Map.of()))
                .toCompletableFuture()
                .join();
    }

    @Test
    void listsBrokersAndTopics() throws Exception {
        create("listed");
        assertThat(run("", "kcat", "-L"))
                .contains("broker 1 at 127.0.0.1:" + broker.kafkaPort())
                .contains("topic \"listed\" with 1 partitions")
                .contains("topic \"mqtt\" with 16 partitions");
    }

    @Test
    void readsBackWhatItProduced() throws Exception {
        run("k1:one\nk2:two\n", "kcat", "-P", "-t", "roundtrip", "-K:");
        run("k3:three\n", "kcat", "-P", "-t", "roundtrip", "-K:", "-z", "zstd");
        assertThat(run("", "kcat", "-C", "-t", "roundtrip", "-e", "-f", "%o %k %s\\n"))
                .isEqualTo("0 k1 one\n1 k2 two\n2 k3 three\n");
    }

    @Test
    void readsWhatDevicesPublishToATopic() throws Exception {
        create("robustmq.multi.protocol");
        run("", "mosquitto_pub", "-t", "robustmq.multi.protocol", "-q", "1", "-m", "hi");
        assertThat(run("", "kcat", "-C", "-t", "robustmq.multi.protocol", "-e")).isEqualTo("hi\n");
    }

    @Test
    void readsTheCatchAll() throws Exception {
        run("", "mosquitto_pub", "-t", "sensors/1/temp", "-q", "1", "-m", "21.5");
        run("", "mosquitto_pub", "-t", "sensors/2/temp", "-q", "1", "-m", "22.5");
        assertThat(run("", "kcat", "-C", "-t", "mqtt", "-e", "-f", "%k %s\\n").lines())
                .contains("sensors/1/temp 21.5", "sensors/2/temp 22.5");
    }

    @Test
    void devicesHearWhatItProduces() throws Exception {
        create("plant.line1");
        Process everything = start("mosquitto_sub", "-t", "#", "-v", "-d");
        Process subscriber = start("mosquitto_sub", "-t", "plant/line1", "-v", "-C", "3", "-q", "1", "-d");
        try (BufferedReader heard = new BufferedReader(new InputStreamReader(subscriber.getInputStream(), UTF_8));
                BufferedReader all = new BufferedReader(new InputStreamReader(everything.getInputStream(), UTF_8))) {
            await(heard, "Subscribed");
            await(all, "Subscribed");
            run("one\ntwo\n", "kcat", "-P", "-t", "plant.line1");
            run("three\n", "kcat", "-P", "-t", "plant.line1", "-z", "lz4");
            List<String> lines =
                    heard.lines().filter(line -> line.startsWith("plant")).toList();
            assertThat(lines).containsExactly("plant/line1 one", "plant/line1 two", "plant/line1 three");

            // What speaks another protocol is not everything's business.
            run("", "mosquitto_pub", "-t", "last", "-m", "word");
            assertThat(await(all, "last")).noneMatch(line -> line.startsWith("plant"));
        } finally {
            everything.destroy();
            subscriber.destroy();
        }
    }

    private static List<String> await(BufferedReader output, String wanted) throws IOException {
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
