/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.app.RunningNode.Ports;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged node with two disks, one of which runs full: a small file system in memory, where the machine lets us mount it (Linux,
 * root).
 */
class DiskFullIT {
    private static final Ports PORTS = Ports.free();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final String PAYLOAD = "x".repeat(16 << 10);

    @TempDir
    Path directory;

    private Path small;
    private boolean mounted;
    private int packetId;
    private int acknowledged;

    @BeforeEach
    void mount() throws Exception {
        small = Files.createDirectory(directory.resolve("small"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", small.toString());
        assumeTrue(mounted);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", small.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException thereIsNoSuchCommand) {
            return false;
        }
    }

    private RunningNode start(String name) throws Exception {
        Map<String, String> keys = Map.of(
                "robustmq.storage.directories", directory.resolve("large") + "," + small.resolve("disk"),
                "robustmq.storage.low-water-bytes", "8MB",
                "robustmq.storage.wal-file-bytes", "1MB",
                "robustmq.storage.checkpoint-bytes", "4MB");
        return RunningNode.launch(directory.resolve("data"), directory.resolve(name + ".log"), PORTS, Map.of(), keys)
                .awaitReady();
    }

    private static MqttRawClient client() {
        return MqttRawClient.connected(PORTS.tcp(), MqttVersion.V5, "publisher");
    }

    /** Answers the reason code. */
    private int publish(MqttRawClient client, String topic, String payload) {
        packetId = packetId % 60_000 + 1;
        client.publish(topic, payload, 1, packetId);
        return client.expect(MqttRawClient.Acknowledgement.class).reasonCode();
    }

    private static JsonNode json(RunningNode node, String path) throws Exception {
        return JsonMapper.shared().readTree(node.get(path).body());
    }

    private static JsonNode shard(RunningNode node, String topic) throws Exception {
        return json(node, "/actuator/shards?topic=" + topic).path("shards").get(0);
    }

    @Test
    void theNodeServesWhatItCanAndSaysWhatToDo() throws Exception {
        Path ballast = Files.write(small.resolve("ballast"), new byte[24 << 20]);
        try (RunningNode node = start("first");
                MqttRawClient client = client()) {
            node.ctl("topics", "create", "one").ok();
            node.ctl("topics", "create", "two").ok();
            boolean oneIsSmall = onSmallDisk(node, "one");
            assertThat(onSmallDisk(node, "two")).isNotEqualTo(oneIsSmall);
            String full = oneIsSmall ? "one" : "two";
            String other = oneIsSmall ? "two" : "one";
            fill(client, full);
            assertThat(publish(client, other, "serves")).isZero();
            theNodeSaysSo(node, full, other);
            assertThat(occurrences(node.log(), "What to do: make room on it"))
                    .as("one line for a change: %s", node.log())
                    .isEqualTo(1);
            node.kill();
        }
        try (RunningNode node = start("second");
                MqttRawClient client = client()) {
            String full = onSmallDisk(node, "one") ? "one" : "two";
            assertThat(publish(client, full, PAYLOAD)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
            assertThat(shard(node, full).path("endOffset").asLong()).isGreaterThanOrEqualTo(acknowledged);
            assertThat(node.log()).as("the banner").containsPattern("disk +FULL \\(engine file\\)");
            Files.delete(ballast);
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            int reason = publish(client, full, PAYLOAD);
            while (reason != 0 && System.nanoTime() < deadline) {
                reason = publish(client, full, PAYLOAD);
            }
            assertThat(reason).as("appends go on by themselves").isZero();
            // The alarm of the disk stays for a minute, and the status of the whole node with it.
            assertThat(json(node, "/actuator/health")
                            .at("/components/storage/status")
                            .asString())
                    .isEqualTo("UP");
            assertThat(shard(node, full).path("diskState").asString()).isEqualTo("SERVING");
            assertThat(node.log()).contains("takes appends again");
        }
    }

    private boolean onSmallDisk(RunningNode node, String topic) throws Exception {
        return shard(node, topic).path("disk").asString().startsWith(small.toString());
    }

    private void fill(MqttRawClient client, String topic) {
        int reason = 0;
        while (reason == 0) {
            reason = publish(client, topic, PAYLOAD);
            acknowledged += reason == 0 ? 1 : 0;
            assertThat(acknowledged).as("it fills some time").isLessThan(4000);
        }
        assertThat(acknowledged).isPositive();
        assertThat(reason).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    private void theNodeSaysSo(RunningNode node, String full, String other) throws Exception {
        assertThat(node.get("/actuator/health/readiness").statusCode())
                .as("one disk takes no node out of service")
                .isEqualTo(200);
        assertThat(node.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        JsonNode health = json(node, "/actuator/health");
        assertThat(health.path("status").asString()).isEqualTo("DEGRADED");
        JsonNode disk = null;
        for (JsonNode each :
                health.path("components").path("storage").path("details").path("disks")) {
            disk = each.path("disk").asString().startsWith(small.toString()) ? each : disk;
        }
        assertThat(disk).as(health.toString()).isNotNull();
        assertThat(disk.path("state").asString()).isEqualTo("FULL");
        assertThat(disk.path("reason").asString()).contains("low-water mark of 8388608");
        assertThat(disk.path("whatToDo").asString()).contains("make room on it");
        assertThat(disk.path("refusedAppends").asLong()).isPositive();
        assertThat(shard(node, full).path("diskState").asString()).isEqualTo("FULL");
        assertThat(shard(node, other).path("diskState").asString()).isEqualTo("SERVING");
        assertThat(node.ctl("shards", "list", "--topic", full).ok()).contains("FULL");
        String of = "{disk=\"" + small.resolve("disk") + "\",engine=\"file\"";
        assertThat(node.get("/actuator/prometheus").body())
                .contains("robustmq_storage_disk_state" + of + ",state=\"full\"} 1.0")
                .contains("robustmq_storage_disk_state" + of + ",state=\"serving\"} 0.0")
                .containsPattern(Pattern.quote("robustmq_storage_disk_refusals_total" + of) + "} [1-9]")
                .containsPattern(Pattern.quote("robustmq_storage_disk_free_bytes" + of) + "} [1-9]");
    }

    private static long occurrences(String text, String of) {
        Matcher matcher = Pattern.compile(Pattern.quote(of)).matcher(text);
        return matcher.results().count();
    }
}
