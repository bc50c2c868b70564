/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups on the packaged jar: what they have committed survives kill -9, and the tools tell and move it. */
class KafkaGroupsIT {
    private static final int ROUNDS = 3;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    @TempDir
    static Path directory;

    @Test
    void whatIsCommittedSurvivesKill9() throws Exception {
        RunningNode.Ports ports = RunningNode.Ports.free();
        String address = "127.0.0.1:" + ports.kafka();
        long committed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Path log = directory.resolve("round-" + round + ".log");
            try (RunningNode node = RunningNode.launch(directory.resolve("data"), log, ports, Map.of(), Map.of())) {
                node.awaitReady();
                if (round == 0) {
                    createAndProduce(address);
                }
                committed = consume(address, committed);
                if (round == ROUNDS - 1) {
                    tools(node);
                }
                node.kill();
            }
        }
        assertThat(committed).isGreaterThan(ROUNDS);
    }

    private static void createAndProduce(String address) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address));
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", address, "enable.idempotence", "false"),
                        new StringSerializer(),
                        new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                    .all()
                    .get();
            for (int i = 0; i < 1000; i++) {
                producer.send(new ProducerRecord<>("orders", "v" + i));
            }
            producer.flush();
        }
    }

    /** Goes on where the life before ended, and commits record by record; answers with the offset that was acknowledged last. */
    private static long consume(String address, long expected) {
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers", address,
                "group.id", "workers",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "max.poll.records", "20",
                "session.timeout.ms", "6000"));
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            OffsetAndMetadata before = consumer.committed(java.util.Set.of(PARTITION), Duration.ofSeconds(30))
                    .get(PARTITION);
            assertThat(before == null ? 0 : before.offset()).isEqualTo(expected);
            consumer.assign(List.of(PARTITION));
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            long next = expected;
            while (next < expected + 60) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    assertThat(record.offset()).isEqualTo(next);
                    next++;
                    consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(next)));
                }
            }
            return next;
        }
    }

    private static void tools(RunningNode node) {
        assertThat(node.ctl("groups", "list").ok()).contains("workers", "classic", "Empty");
        assertThat(node.ctl("groups", "describe", "workers").ok()).contains("orders", "1000");
        assertThat(node.ctl("groups", "reset", "workers", "--to", "latest").ok())
                .contains("1000");
        assertThat(node.ctl("groups", "describe", "workers").ok()).containsPattern("lag +0");
        assertThat(node.ctl("groups", "delete", "workers").ok()).contains("Deleted group workers.");
        assertThat(node.ctl("groups", "list").ok()).doesNotContain("workers");
    }
}
