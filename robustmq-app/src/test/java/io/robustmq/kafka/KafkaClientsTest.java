/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.mqtt.InProcessBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java clients of the same version as our message classes, unmodified. */
class KafkaClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static InProcessBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().data(directory).start();
        admin = JavaClients.of(broker).admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static String address() {
        return "127.0.0.1:" + broker.kafkaPort();
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Properties config = new Properties();
        config.put("bootstrap.servers", address());
        config.put("max.block.ms", "10000");
        config.putAll(more);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Properties config = new Properties();
        config.put("bootstrap.servers", address());
        config.put("auto.offset.reset", "none");
        config.putAll(more);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static void create(String name, int partitions, Map<String, String> config) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, int count) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records.size() < count) {
            assertThat(System.nanoTime()).as("%d of %d", records.size(), count).isLessThan(deadline);
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    @ParameterizedTest
    @CsvSource({"none, all", "gzip, all", "snappy, 1", "lz4, 1", "zstd, all"})
    void whatIsProducedIsConsumed(String codec, String acks) throws Exception {
        TopicPartition partition = new TopicPartition("produced." + codec, 2);
        create(partition.topic(), 3, Map.of());
        int count = 500;
        try (var producer = producer(Map.of("compression.type", codec, "acks", acks, "linger.ms", "5"))) {
            List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] key = i % 5 == 0 ? null : ("key" + i).getBytes(UTF_8);
                byte[] value = i % 7 == 0 ? null : ("value " + i).getBytes(UTF_8);
                var record = new ProducerRecord<>(partition.topic(), partition.partition(), key, value);
                record.headers().add("binary", new byte[] {0, (byte) i, -1});
                CompletableFuture<RecordMetadata> done = new CompletableFuture<>();
                producer.send(record, (metadata, failure) -> {
                    if (failure == null) {
                        done.complete(metadata);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
                sent.add(done);
            }
            for (int i = 0; i < count; i++) {
                assertThat(sent.get(i).get(20, TimeUnit.SECONDS).offset()).isEqualTo(i);
            }
        }
        try (var consumer = consumer(Map.of("isolation.level", "read_committed"))) {
            var records = readAll(consumer, partition, count);
            assertThat(records).hasSize(count);
            for (int i = 0; i < count; i++) {
                ConsumerRecord<byte[], byte[]> record = records.get(i);
                assertThat(record.offset()).isEqualTo(i);
                assertThat(record.key()).isEqualTo(i % 5 == 0 ? null : ("key" + i).getBytes(UTF_8));
                assertThat(record.value()).isEqualTo(i % 7 == 0 ? null : ("value " + i).getBytes(UTF_8));
                assertThat(record.headers().lastHeader("binary").value()).isEqualTo(new byte[] {0, (byte) i, -1});
            }
        }
    }

    @Test
    void aTopicIsCreatedWhenAProducerAsksForIt() throws Exception {
        try (var producer = producer(Map.of("acks", "0"))) {
            RecordMetadata place = producer.send(new ProducerRecord<>("unheard.of", "x".getBytes(UTF_8)))
                    .get(20, TimeUnit.SECONDS);
            assertThat(place.hasOffset()).isFalse();
        }
        try (var consumer = consumer(Map.of())) {
            assertThat(readAll(consumer, new TopicPartition("unheard.of", 0), 1))
                    .hasSize(1);
        }
    }

    @Test
    void aWaitingFetchEndsWithTheAppend() throws Exception {
        TopicPartition partition = new TopicPartition("waiting", 0);
        create("waiting", 1, Map.of());
        try (var consumer = consumer(Map.of("fetch.max.wait.ms", "60000"));
                var producer = producer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.poll(Duration.ofMillis(500))).isEmpty();
            long begin = System.nanoTime();
            producer.send(new ProducerRecord<>("waiting", "now".getBytes(UTF_8)))
                    .get(20, TimeUnit.SECONDS);
            assertThat(consumer.poll(PATIENCE)).hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void aFetchWithoutRecordsEndsInTime() throws Exception {
        TopicPartition partition = new TopicPartition("quiet", 0);
        create("quiet", 1, Map.of());
        try (var consumer = consumer(Map.of("fetch.max.wait.ms", "50", "fetch.min.bytes", "100000"));
                var producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("quiet", "little".getBytes(UTF_8)))
                    .get(20, TimeUnit.SECONDS);
            // Less than the client wants, but its time is over.
            assertThat(readAll(consumer, partition, 1)).hasSize(1);
        }
    }

    @Test
    void offsetsAreFoundByTime() throws Exception {
        TopicPartition partition = new TopicPartition("timed", 0);
        create("timed", 1, Map.of());
        long base = System.currentTimeMillis() - 100_000;
        try (var producer = producer(Map.of("linger.ms", "0"));
                var consumer = consumer(Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("timed", 0, base + i * 1000L, null, new byte[] {(byte) i}))
                        .get(20, TimeUnit.SECONDS);
            }
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 10L);
            assertThat(consumer.offsetsForTimes(Map.of(partition, base + 4500))
                            .get(partition)
                            .offset())
                    .isEqualTo(5);
            assertThat(consumer.offsetsForTimes(Map.of(partition, base + 60_000))
                            .get(partition))
                    .isNull();
            assertThat(admin.listOffsets(Map.of(partition, OffsetSpec.maxTimestamp()))
                            .partitionResult(partition)
                            .get(20, TimeUnit.SECONDS)
                            .offset())
                    .isEqualTo(9);
            consumer.assign(List.of(partition));
            consumer.seek(partition, 11);
            assertThatThrownBy(() -> consumer.poll(PATIENCE)).isInstanceOf(OffsetOutOfRangeException.class);
        }
    }

    @Test
    void anAdministratorSeesAndChangesTopics() throws Exception {
        create("managed", 4, Map.of("retention.ms", "3600000"));
        assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).contains("managed", "mqtt");
        TopicDescription described = admin.describeTopics(List.of("managed"))
                .allTopicNames()
                .get(20, TimeUnit.SECONDS)
                .get("managed");
        assertThat(described.partitions()).hasSize(4).allSatisfy(partition -> {
            assertThat(partition.leader().id()).isEqualTo(1);
            assertThat(partition.isr()).hasSize(1);
        });
        assertThat(admin.describeCluster().clusterId().get(20, TimeUnit.SECONDS))
                .isEqualTo("test");
        assertThat(admin.describeCluster().nodes().get(20, TimeUnit.SECONDS))
                .singleElement()
                .satisfies(node -> {
                    assertThat(node.host()).isEqualTo("127.0.0.1");
                    assertThat(node.port()).isEqualTo(broker.kafkaPort());
                });
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "managed");
        assertThat(admin.describeConfigs(List.of(resource))
                        .values()
                        .get(resource)
                        .get(20, TimeUnit.SECONDS)
                        .get("retention.ms")
                        .value())
                .isEqualTo("3600000");
        assertThatThrownBy(() -> create("managed", 1, Map.of())).hasCauseInstanceOf(TopicExistsException.class);
        admin.deleteTopics(List.of("managed")).all().get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() ->
                        admin.describeTopics(List.of("managed")).allTopicNames().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void whatDoesNotActIsRefused() {
        assertThatThrownBy(() -> create("odd", 1, Map.of("no.such.setting", "1")))
                .hasCauseInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("odd", 1, (short) 3)))
                        .all()
                        .get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InvalidReplicationFactorException.class);
    }

    @Test
    void nobodyWritesPastTheSubjectsOfTheCatchAll() {
        try (var producer = producer(Map.of())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("mqtt", "x".getBytes(UTF_8)))
                            .get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(PolicyViolationException.class)
                    .hasMessageContaining("many subjects");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4"})
    void aCompactedTopicWantsKeys(String codec) throws Exception {
        String name = "compacted." + codec;
        create(name, 1, Map.of("cleanup.policy", "compact"));
        try (var producer = producer(Map.of("compression.type", codec))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(name, "x".getBytes(UTF_8)))
                            .get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("without key");
            assertThat(producer.send(new ProducerRecord<>(name, "k".getBytes(UTF_8), "v".getBytes(UTF_8)))
                            .get(20, TimeUnit.SECONDS)
                            .offset())
                    .isZero();
        }
    }

    @Test
    void aTimeFarAheadIsRefused() throws Exception {
        create("future", 1, Map.of());
        long tomorrow = System.currentTimeMillis() + 86_400_000;
        try (var producer = producer(Map.of())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("future", 0, tomorrow, null, new byte[1]))
                            .get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(InvalidTimestampException.class);
        }
    }
}
