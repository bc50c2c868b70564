/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.ctl.CtlCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The backup of a running node, as docs/backup.md says it: under load, and another node starts from it. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "who uses a directory is read from /proc")
class BackupIT {
    private static final String TOPIC = "kept";
    private static final int BEFORE = 2_000;

    @TempDir
    Path room;

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    /** Numbers from 0, in order; what is acknowledged is counted in order, too, because there is one partition. */
    private Thread produce(int port) {
        Thread thread = new Thread(() -> {
            try (KafkaProducer<Integer, byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", "127.0.0.1:" + port, "acks", "all", "enable.metrics.push", "false"),
                    new IntegerSerializer(),
                    new ByteArraySerializer())) {
                for (int number = 0; !enough.get(); number++) {
                    producer.send(new ProducerRecord<>(TOPIC, number, new byte[200]), (metadata, failure) -> {
                        if (failure == null) {
                            acknowledged.incrementAndGet();
                        }
                    });
                }
                producer.close(Duration.ZERO);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void awaitAcknowledged(int number) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (acknowledged.get() < number) {
            assertThat(System.nanoTime()).as("%s acknowledged", acknowledged).isLessThan(deadline);
        }
    }

    @Test
    void aNodeStartsFromTheBackupOfARunningOneWithEverythingThatWasAcknowledged() throws Exception {
        RunningNode.Ports ports = RunningNode.Ports.free();
        Path backup = room.resolve("backup");
        int before;
        try (RunningNode node =
                RunningNode.launch(room.resolve("data"), room.resolve("log"), ports, Map.of(), Map.of())) {
            node.awaitReady();
            node.ctl("topics", "create", TOPIC, "--partitions", "1").ok();
            Thread producer = produce(ports.kafka());
            awaitAcknowledged(BEFORE);
            before = acknowledged.get();
            String said = node.ctl(
                            "backup",
                            "create",
                            "--data-dir",
                            room.resolve("data").toString(),
                            backup.toString())
                    .ok();
            assertThat(said).contains("frozenMillis: ");
            awaitAcknowledged(acknowledged.get() + BEFORE);
            enough.set(true);
            producer.join();
            assertThat(node.ctl("backup", "verify", backup.toString()).code()).isZero();
            node.kill();
        }
        Path restored = room.resolve("restored");
        assertThat(CtlCommand.commandLine()
                        .execute("backup", "restore", "--to", restored.toString(), backup.toString()))
                .isZero();
        assertThat(CtlCommand.commandLine().execute("log", "verify", "--data-dir", restored.toString()))
                .isZero();
        try (RunningNode node = RunningNode.launch(restored, room.resolve("log-restored"), ports, Map.of(), Map.of())) {
            node.awaitReady();
            List<Integer> numbers = consume(ports.kafka());
            assertThat(numbers)
                    .as("everything acknowledged before the backup, and nothing out of order")
                    .hasSizeGreaterThanOrEqualTo(before)
                    .isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
        }
    }

    private static List<Integer> consume(int port) {
        List<Integer> numbers = new ArrayList<>();
        try (KafkaConsumer<Integer, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + port, "enable.metrics.push", "false"),
                new IntegerDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> numbers.add(record.key()));
            }
        }
        return numbers;
    }
}
