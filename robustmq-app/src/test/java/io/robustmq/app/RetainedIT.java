/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.app.RunningNode.Ports;
import io.robustmq.mqtt.clients.HiveMq5Client;
import io.robustmq.mqtt.clients.TestClient;
import io.robustmq.mqtt.clients.TestClient.Login;
import io.robustmq.mqtt.clients.TestClient.Message;
import io.robustmq.mqtt.clients.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Retained messages of the packaged node, published and asked for with Mosquitto's tools: they survive a flood on other topics
 * and a {@code kill -9}.
 */
class RetainedIT {
    private static final int PAYLOAD_BYTES = 16 << 10;
    private static final int BATCH = 64;
    private static final Ports PORTS = Ports.free();

    @TempDir
    Path directory;

    private RunningNode start(String name) throws Exception {
        return RunningNode.launch(
                        directory.resolve("data"), directory.resolve(name + ".log"), PORTS, Map.of(), Map.of())
                .awaitReady();
    }

    @Test
    void surviveTrafficAndAKill() throws Exception {
        survive(64);
    }

    @Test
    @Tag("soak")
    void surviveAGibibyteAndAKill() throws Exception {
        survive(1024);
    }

    private void survive(int trafficMib) throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mosquitto_pub"))),
                "Mosquitto's clients are not installed (apt-get install mosquitto-clients)");
        try (RunningNode node = start("first")) {
            publish("-t", "home/1/temp", "-m", "old", "-q", "1");
            publish("-t", "home/1/temp", "-m", "21.5", "-q", "2", "-D", "publish", "content-type", "text");
            publish("-t", "home/2/temp", "-m", "3.0", "-q", "1", "-D", "publish", "message-expiry-interval", "3600");
            publish("-t", "home/3/temp", "-m", "gone", "-q", "1");
            publish("-t", "home/3/temp", "-n", "-q", "1");
            publish("-t", "home/4/temp", "-m", "late", "-q", "1", "-D", "publish", "message-expiry-interval", "1");
            node.ctl("topics", "create", "traffic", "--binding", "flood/kept/#").ok();
            flood("flood/memory/", trafficMib);
            flood("flood/kept/", trafficMib);
            // What is acknowledged now is acknowledged right before the end.
            publish("-t", "home/5/temp", "-m", "last", "-q", "1");
            assertThat(node.log()).doesNotContain("volatile retained");
            node.kill();
        }
        try (RunningNode node = start("second")) {
            assertThat(retained(3, "home/#"))
                    .containsExactlyInAnyOrder(
                            "home/1/temp 21.5 q2 r1 text", "home/2/temp 3.0 q1 r1 ", "home/5/temp last q1 r1 ");
            assertThat(node.get("/actuator/prometheus").body())
                    .contains("robustmq_retained_messages")
                    .contains("robustmq_coordinator_records_total{coordinator=\"retained\"}");
            assertThat(node.get("/actuator/health").body()).doesNotContain("__retained\"]");
            assertThat(node.ctl("topics", "list").ok()).doesNotContain("__retained");
            assertThat(node.ctl("topics", "delete", "__retained").code()).isNotZero();
        }
    }

    private void publish(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("mosquitto_pub", "-h", "127.0.0.1", "-p", "" + PORTS.tcp(), "-V", "5", "-r"));
        command.addAll(List.of(arguments));
        Process publisher = new ProcessBuilder(command).inheritIO().start();
        assertThat(publisher.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(publisher.exitValue()).isZero();
    }

    /** What a new subscriber is sent until nothing has come for two seconds; fails unless it is that many. */
    private List<String> retained(int count, String filter) throws Exception {
        Path heard = directory.resolve("heard");
        Process subscriber = new ProcessBuilder(
                        "mosquitto_sub",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        "" + PORTS.tcp(),
                        "-V",
                        "5",
                        "-q",
                        "2",
                        "-t",
                        filter,
                        "-F",
                        "%t %p q%q r%r %C",
                        "-W",
                        "3")
                .redirectErrorStream(true)
                .redirectOutput(heard.toFile())
                .start();
        assertThat(subscriber.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(heard);
        assertThat(lines).hasSizeGreaterThanOrEqualTo(count);
        return lines.stream().filter(line -> !line.startsWith("Timed out")).toList();
    }

    private static void flood(String prefix, int mib) throws Exception {
        String payload = "x".repeat(PAYLOAD_BYTES);
        try (TestClient client = new HiveMq5Client(Transport.TCP)) {
            client.connect(new Login(PORTS.tcp(), "flood", true, null));
            int messages = (int) (((long) mib << 20) / PAYLOAD_BYTES);
            for (int sent = 0; sent < messages; sent += BATCH) {
                List<Message> batch = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    batch.add(Message.of(prefix + (sent + i) % 100, payload, 1));
                }
                client.publish(batch);
            }
        }
    }
}
