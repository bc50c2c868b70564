/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What every version of the Java client must be able to do: a process of its own with that version on its class path, so it uses
 * nothing but the JDK and what all versions have. Confined to the main thread.
 */
final class JavaClientScenario {
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final int COUNT = 40;

    private final String address;
    private final String topic;
    private final boolean idempotent;
    private final boolean groups;
    private final long begin = System.currentTimeMillis() - 600_000;

    private JavaClientScenario(String address, String topic, boolean idempotent, boolean groups) {
        this.address = address;
        this.topic = topic;
        this.idempotent = idempotent;
        this.groups = groups;
    }

    /** Address, topic, whether producers may be idempotent, whether there are groups. */
    public static void main(String... arguments) throws Exception {
        new JavaClientScenario(
                        arguments[0],
                        arguments[1],
                        Boolean.parseBoolean(arguments[2]),
                        Boolean.parseBoolean(arguments[3]))
                .run();
        System.err.println("passed");
    }

    private void run() throws Exception {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", address);
        try (AdminClient admin = AdminClient.create(config)) {
            NewTopic wanted = new NewTopic(topic, CODECS.size() - 1, (short) 1);
            wanted.configs(Collections.singletonMap("retention.ms", "86400000"));
            get(admin.createTopics(Collections.singleton(wanted)).all());
            get(admin.createPartitions(Collections.singletonMap(topic, NewPartitions.increaseTo(CODECS.size())))
                    .all());
            describe(admin);
            for (int i = 0; i < CODECS.size(); i++) {
                produce(CODECS.get(i), i);
            }
            consume();
            if (groups) {
                consumeInGroup();
            }
            TopicPartition first = new TopicPartition(topic, 0);
            long low = get(admin.deleteRecords(Collections.singletonMap(first, RecordsToDelete.beforeOffset(5)))
                            .lowWatermarks()
                            .get(first))
                    .lowWatermark();
            check(low == 5, "low watermark " + low);
            get(admin.deleteTopics(Collections.singleton(topic)).all());
            check(!get(admin.listTopics().names()).contains(topic), "the topic is gone");
        }
    }

    private void describe(AdminClient admin) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        String retention = get(admin.describeConfigs(Collections.singleton(resource))
                        .values()
                        .get(resource))
                .get("retention.ms")
                .value();
        check("86400000".equals(retention), "retention.ms " + retention);
        check(get(admin.describeCluster().nodes()).size() == 1, "one node");
        check(get(admin.listTopics().names()).contains(topic), "the topic is listed");
    }

    private byte[] key(int i) {
        return i % 5 == 0 ? null : ("key" + i).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] value(int i) {
        return i % 7 == 0 ? null : ("value of record " + i).getBytes(StandardCharsets.UTF_8);
    }

    private void produce(String codec, int partition) throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", address);
        config.put("enable.idempotence", "" + idempotent);
        config.put("acks", "all");
        config.put("compression.type", codec);
        config.put("linger.ms", "20");
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            check(producer.partitionsFor(topic).size() == CODECS.size(), "all partitions are known");
            for (int i = 0; i < COUNT; i++) {
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(topic, partition, begin + i * 1000L, key(i), value(i));
                record.headers().add("binary", new byte[] {0, (byte) i, -1}).add("none", null);
                sent.add(producer.send(record));
            }
            for (int i = 0; i < COUNT; i++) {
                long offset = sent.get(i).get(20, TimeUnit.SECONDS).offset();
                check(offset == i, codec + ": offset " + offset + " of record " + i);
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        Properties config = new Properties();
        config.put("bootstrap.servers", address);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        if (group != null) {
            config.put("group.id", group);
        }
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void consume() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < CODECS.size(); i++) {
            partitions.add(new TopicPartition(topic, i));
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(null)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int[] next = new int[CODECS.size()];
            int count = 0;
            for (ConsumerRecord<byte[], byte[]> record : poll(consumer, COUNT * CODECS.size())) {
                check(record.offset() == next[record.partition()]++, "in order");
                check(record, (int) record.offset());
                count++;
            }
            check(count == COUNT * CODECS.size(), count + " records");
            for (TopicPartition partition : partitions) {
                check(consumer.beginningOffsets(partitions).get(partition) == 0, "begins at 0");
                check(consumer.endOffsets(partitions).get(partition) == COUNT, "ends behind the last");
                long found = consumer.offsetsForTimes(Collections.singletonMap(partition, begin + 9_500))
                        .get(partition)
                        .offset();
                check(found == 10, "the first record at or behind that time is " + found);
                check(
                        consumer.offsetsForTimes(Collections.singletonMap(partition, begin + 10_000_000))
                                        .get(partition)
                                == null,
                        "none behind the last");
            }
        }
    }

    private void check(ConsumerRecord<byte[], byte[]> record, int i) {
        check(Arrays.equals(record.key(), key(i)), "key of " + i);
        check(Arrays.equals(record.value(), value(i)), "value of " + i);
        check(record.timestamp() == begin + i * 1000L, "time of " + i);
        check(
                Arrays.equals(record.headers().lastHeader("binary").value(), new byte[] {0, (byte) i, -1}),
                "header of " + i);
        check(record.headers().lastHeader("none").value() == null, "null header of " + i);
    }

    private void consumeInGroup() {
        String group = topic + "-group";
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            consumer.subscribe(Collections.singleton(topic));
            check(poll(consumer, COUNT * CODECS.size()).size() == COUNT * CODECS.size(), "all records in a group");
            consumer.commitSync();
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            for (int i = 0; i < CODECS.size(); i++) {
                TopicPartition partition = new TopicPartition(topic, i);
                consumer.assign(Collections.singleton(partition));
                check(consumer.position(partition) == COUNT, "what was committed is there");
            }
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> poll(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (records.size() < count && System.nanoTime() < deadline) {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return records;
    }

    private static <T> T get(Future<T> future) throws Exception {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }
}
