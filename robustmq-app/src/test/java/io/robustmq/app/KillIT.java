/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Kills the packaged jar in full flow: what it acknowledged it has, in order and once. */
class KillIT {
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private final Random random = new Random(20_261_121);
    private final List<Stream> streams = new ArrayList<>();

    /** A topic with one partition and its one publisher. Confined to the test. */
    private static final class Stream {
        final String topic;
        final List<long[]> acknowledged = new ArrayList<>();
        long nextNumber;
        long nextOffset;
        long lastNumber = -1;
        final Map<Long, Long> offsets = new HashMap<>();
        FloodingPublisher publisher;

        Stream(String topic) {
            this.topic = topic;
        }

        void flood(int port) {
            publisher = new FloodingPublisher(port, "to-" + topic, topic, nextNumber);
        }

        void stopped() throws Exception {
            publisher.close();
            acknowledged.add(new long[] {nextNumber, nextNumber + publisher.acknowledged()});
            nextNumber = publisher.next();
        }

        /** Reads what is new, and asks for everything that was acknowledged in the last round. */
        void check(RunningNode node) {
            String lines = node.ctl(
                            "topics",
                            "read",
                            topic,
                            "--partition",
                            "0",
                            "--from",
                            Long.toString(nextOffset),
                            "--limit",
                            "10000000")
                    .ok();
            for (String line : (Iterable<String>) lines.lines()::iterator) {
                JsonNode record = JsonMapper.shared().readTree(line);
                assertThat(record.path("offset").asLong()).as("once per offset").isEqualTo(nextOffset++);
                long number = record.path("value").asLong();
                assertThat(number).as("in order").isGreaterThan(lastNumber);
                lastNumber = number;
                offsets.put(number, nextOffset - 1);
            }
            long[] range = acknowledged.get(acknowledged.size() - 1);
            for (long number = range[0]; number < range[1]; number++) {
                assertThat(offsets).as("acknowledged in %s", topic).containsKey(number);
            }
            assertThat(range[1]).isGreaterThan(range[0]);
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesKill9() throws Exception {
        RunningNode.Ports ports = RunningNode.Ports.free();
        for (int round = 0; round <= ROUNDS; round++) {
            Path log = directory.resolve("round-" + round + ".log");
            try (RunningNode node = RunningNode.launch(directory.resolve("data"), log, ports, Map.of(), Map.of())) {
                node.awaitReady();
                if (round == 0) {
                    create(node);
                } else {
                    streams.forEach(stream -> stream.check(node));
                }
                if (round < ROUNDS) {
                    flood(node, ports.tcp());
                }
            }
        }
        for (Stream stream : streams) {
            assertThat(stream.acknowledged).hasSize(ROUNDS);
            assertThat(stream.offsets).hasSize((int) stream.nextOffset);
        }
    }

    private void create(RunningNode node) {
        for (String engine : List.of("file", "rocksdb")) {
            String topic = "stream-" + engine;
            node.ctl("topics", "create", topic, "--engine", engine).ok();
            streams.add(new Stream(topic));
        }
    }

    private void flood(RunningNode node, int port) throws Exception {
        int wanted = 200 + random.nextInt(8_000);
        streams.forEach(stream -> stream.flood(port));
        for (Stream stream : streams) {
            assertThat(stream.publisher.awaitAcknowledged(wanted, PATIENCE))
                    .as(node.log())
                    .isTrue();
        }
        node.kill();
        for (Stream stream : streams) {
            stream.stopped();
        }
    }
}
