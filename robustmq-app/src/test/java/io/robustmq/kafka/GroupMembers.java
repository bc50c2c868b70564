/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.group.GroupOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Consumers of groups, each polled by a thread of its own, as clients do. Thread-safe. */
final class GroupMembers {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What tests do not want to wait for is shorter than members have it. */
    static final GroupOptions QUICK = new GroupOptions(
            20,
            Duration.ofMillis(100),
            Duration.ofDays(7),
            Duration.ofSeconds(1),
            Duration.ofMinutes(30),
            Duration.ofSeconds(3),
            Duration.ofMillis(300));

    private GroupMembers() {}

    static void create(Admin admin, String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    /** {@code count} records in each of the partitions. */
    static void produce(String address, String topic, int partitions, int count) throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", address);
        config.put("enable.idempotence", "false");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                for (int partition = 0; partition < partitions; partition++) {
                    producer.send(new ProducerRecord<>(topic, partition, null, partition + "/" + i));
                }
            }
            producer.flush();
        }
    }

    static KafkaConsumer<String, String> consumer(String address, String group, Map<String, String> more) {
        Properties config = new Properties();
        config.put("bootstrap.servers", address);
        config.put("group.id", group);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        config.put("allow.auto.create.topics", "false");
        if (!more.getOrDefault("group.protocol", "classic").equals("consumer")) {
            config.put("session.timeout.ms", "3000");
            config.put("heartbeat.interval.ms", "300");
        }
        config.putAll(more);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    static void until(String what, BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** A consumer and the thread that polls it and commits what it has seen. */
    static final class Member implements AutoCloseable {
        final Set<String> seen = ConcurrentHashMap.newKeySet();
        volatile Set<TopicPartition> assigned = Set.of();
        volatile Throwable failure;
        private final KafkaConsumer<String, String> consumer;
        private final Thread thread;
        private volatile boolean leaving;

        Member(KafkaConsumer<String, String> consumer, String topic) {
            this.consumer = consumer;
            this.thread = new Thread(() -> run(topic), "member");
            thread.start();
        }

        private void run(String topic) {
            try {
                consumer.subscribe(List.of(topic));
                while (!leaving) {
                    var records = consumer.poll(Duration.ofMillis(50));
                    for (ConsumerRecord<String, String> record : records) {
                        seen.add(record.value());
                    }
                    assigned = Set.copyOf(consumer.assignment());
                    if (!records.isEmpty()) {
                        consumer.commitAsync();
                    }
                }
                consumer.close();
            } catch (Throwable e) {
                failure = e;
            }
        }

        int partitions() {
            assertThat(failure).isNull();
            return assigned.size();
        }

        @Override
        public void close() {
            leaving = true;
            try {
                thread.join(30_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
