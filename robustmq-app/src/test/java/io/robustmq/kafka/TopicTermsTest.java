/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of topics act on what Kafka's clients produce, and go on to act when they are changed. */
class TopicTermsTest {
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

    private static void create(String name, Map<String, String> config) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(config)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    private static void set(String topic, String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), OpType.SET))))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    private static RecordMetadata produce(String topic, Long timestamp, int size, Map<String, String> more)
            throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort());
        config.put("enable.idempotence", "false");
        config.put("retries", "0");
        config.putAll(more);
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] value = "x".repeat(size).getBytes(UTF_8);
            return producer.send(new ProducerRecord<>(topic, 0, timestamp, "k".getBytes(UTF_8), value))
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> consume(String topic, int count) {
        Properties config = new Properties();
        config.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort());
        TopicPartition partition = new TopicPartition(topic, 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (records.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        assertThat(records).hasSize(count);
        return records;
    }

    private static LogPartition partition(String topic) {
        LogTopic found = broker.broker().ports().log().topic(Tenants.DEFAULT, topic);
        return Objects.requireNonNull(found).partition(0);
    }

    private static int codec(String topic, long offset) throws Exception {
        CompletableFuture<Integer> codec = new CompletableFuture<>();
        var loop = broker.broker().ports().loops().get(0);
        loop.execute(() -> partition(topic).read(offset, 1 << 20, loop, (owned, highWatermark, failure) -> {
            if (failure != null) {
                codec.completeExceptionally(failure);
                return;
            }
            ByteBuf bytes = Objects.requireNonNull(owned);
            codec.complete(new RecordBatch(bytes).compression());
            bytes.release();
        }));
        return codec.get(20, TimeUnit.SECONDS);
    }

    @Test
    void recordsHaveTheTimeOfTheirAppendWhenTheTopicWantsIt() throws Exception {
        create("stamped", Map.of());
        long past = System.currentTimeMillis() - 1_000_000;
        assertThat(produce("stamped", past, 1, Map.of()).timestamp()).isEqualTo(past);
        set("stamped", "message.timestamp.type", "LogAppendTime");
        long before = System.currentTimeMillis();
        RecordMetadata stamped = produce("stamped", past, 1, Map.of("compression.type", "gzip"));
        long far = produce("stamped", past + 86_400_000L * 9, 1, Map.of()).offset();

        assertThat(stamped.timestamp()).isBetween(before, System.currentTimeMillis());
        assertThat(far).as("no bounds where a producer's time does not count").isEqualTo(2);
        List<ConsumerRecord<byte[], byte[]>> records = consume("stamped", 3);
        assertThat(records.get(0).timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(records.get(1).timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(records.get(1).timestamp()).isEqualTo(stamped.timestamp());
    }

    @Test
    void aProducersTimeLiesWithinBounds() throws Exception {
        create(
                "bounded",
                Map.of("message.timestamp.before.max.ms", "10000", "message.timestamp.after.max.ms", "20000"));
        long now = System.currentTimeMillis();
        assertThat(produce("bounded", now, 1, Map.of()).offset()).isZero();
        assertThatThrownBy(() -> produce("bounded", now - 60_000, 1, Map.of()))
                .hasCauseInstanceOf(InvalidTimestampException.class)
                .hasMessageContaining("out of range");
        assertThatThrownBy(() -> produce("bounded", now + 60_000, 1, Map.of("compression.type", "lz4")))
                .hasCauseInstanceOf(InvalidTimestampException.class);
        set("bounded", "message.timestamp.before.max.ms", "100000");
        assertThat(produce("bounded", now - 60_000, 1, Map.of()).offset()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"zstd, gzip, 4", "uncompressed, snappy, 0", "lz4, none, 3", "gzip, gzip, 1", "producer, zstd, 4"})
    void batchesArePackedAsTheTopicWants(String wanted, String sent, int kept) throws Exception {
        String topic = "packed." + wanted + "." + sent;
        create(topic, Map.of("compression.type", wanted));
        produce(topic, null, 5000, Map.of("compression.type", sent));

        assertThat(codec(topic, 0)).isEqualTo(kept);
        assertThat(consume(topic, 1).get(0).value()).hasSize(5000);
    }

    @Test
    void packingChangesWithTheSetting() throws Exception {
        create("repacked", Map.of());
        produce("repacked", null, 100, Map.of("compression.type", "gzip"));
        set("repacked", "compression.type", "zstd");
        produce("repacked", null, 100, Map.of("compression.type", "gzip"));

        assertThat(codec("repacked", 0)).isEqualTo(1);
        assertThat(codec("repacked", 1)).isEqualTo(4);
    }

    @Test
    void moreReplicasThanThereAreRefuseWhoWantsAllOfThem() throws Exception {
        create("replicated", Map.of("min.insync.replicas", "2"));
        assertThatThrownBy(() -> produce("replicated", null, 1, Map.of("acks", "all")))
                .hasCauseInstanceOf(NotEnoughReplicasException.class);
        assertThat(produce("replicated", null, 1, Map.of("acks", "1")).offset()).isZero();
        set("replicated", "min.insync.replicas", "1");
        assertThat(produce("replicated", null, 1, Map.of("acks", "all")).offset())
                .isEqualTo(1);
    }

    @Test
    void largeBatchesAreRefused() throws Exception {
        create("small", Map.of("max.message.bytes", "2000"));
        assertThatThrownBy(() -> produce("small", null, 5000, Map.of()))
                .hasCauseInstanceOf(RecordTooLargeException.class);
        set("small", "max.message.bytes", "10000");
        assertThat(produce("small", null, 5000, Map.of()).offset()).isZero();
    }

    @Test
    void batchesCarryTheEpochOfTheirLeader() throws Exception {
        create("epochs", Map.of());
        produce("epochs", null, 1, Map.of());
        int epoch = partition("epochs").epoch();

        assertThat(epoch).isPositive();
        assertThat(consume("epochs", 1).get(0).leaderEpoch()).contains(epoch);
        assertThat(partition("epochs").endOf(epoch)).isEqualTo(new LogPartition.EpochEnd(epoch, 1));
        assertThat(partition("epochs").endOf(epoch + 1)).isEqualTo(new LogPartition.EpochEnd(-1, -1));
        assertThat(partition("epochs").epochOf(0)).isEqualTo(epoch);
    }
}
