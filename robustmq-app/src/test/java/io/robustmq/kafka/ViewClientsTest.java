/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.NodeFolder;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Views as Kafka's own clients see them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ViewClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static InProcessBroker broker;
    private static JavaClients clients;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().groups(GroupMembers.QUICK).start();
        clients = JavaClients.of(broker);
        admin = clients.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static void create(String name, String binding, Map<String, String> config) {
        broker.create(new TopicRequest(Tenants.DEFAULT, name, 1, List.of(binding), null, config));
    }

    /** What a device would. */
    private static long publish(String topic, String subject, String value) {
        return broker.broker()
                .ports()
                .topics()
                .publish(Tenants.DEFAULT, topic, subject, null, value.getBytes(UTF_8))
                .toCompletableFuture()
                .join()
                .offset();
    }

    private static TopicDescription describe(String name) throws Exception {
        return describe(admin, name);
    }

    private static TopicDescription describe(Admin by, String name) throws Exception {
        return by.describeTopics(List.of(name))
                .allTopicNames()
                .get(20, TimeUnit.SECONDS)
                .get(name);
    }

    /** All records, to the end of the partition. */
    private static List<ConsumerRecord<String, String>> readToTheEnd(
            KafkaConsumer<String, String> consumer, TopicPartition partition) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition), PATIENCE).get(partition);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition, PATIENCE) < end) {
            assertThat(System.nanoTime())
                    .as("at %d of %d", consumer.position(partition), end)
                    .isLessThan(deadline);
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return records;
    }

    @Test
    void oneMatchInAMillionIsFoundAndTheEndIsReached() throws Exception {
        create("dense", "dense.>", Map.of("retention.bytes", "" + (512 << 20)));
        publish("dense", "dense/noise", "first");
        fill("dense.noise", 500_000);
        long offset = publish("dense", "dense/needle", "found");
        fill("dense.noise", 500_000);
        assertThat(offset).isBetween(500_000L, 500_001L);

        TopicPartition needle = new TopicPartition("dense.needle", 0);
        for (String isolation : List.of("read_uncommitted", "read_committed")) {
            try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of("isolation.level", isolation))) {
                List<ConsumerRecord<String, String>> records = readToTheEnd(consumer, needle);
                assertThat(records).singleElement().satisfies(record -> {
                    assertThat(record.offset()).isEqualTo(offset);
                    assertThat(record.key()).isEqualTo("dense/needle");
                    assertThat(record.value()).isEqualTo("found");
                });
                assertThat(consumer.position(needle)).isEqualTo(1_000_002);
                assertThat(consumer.currentLag(needle)).hasValue(0);
            }
        }
        groupsReachTheEnd(offset);
    }

    /** The Java client, librdkafka and kafkajs, each in a group, until nothing is left to commit. */
    private static void groupsReachTheEnd(long offset) throws Exception {
        TopicPartition needle = new TopicPartition("dense.needle", 0);
        try (KafkaConsumer<String, String> consumer =
                clients.consumer(Map.of("group.id", "java", "auto.commit.interval.ms", "100"))) {
            consumer.subscribe(List.of("dense.needle"));
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (committed("java", needle) < 1_000_002) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            assertThat(records).extracting(ConsumerRecord::offset).containsExactly(offset);
        }
        ClientTools.assumeInstalled();
        ClientTools tools = ClientTools.of(broker);
        assertThat(tools.run("", "kcat", "-C", "-t", "dense.needle", "-e", "-f", "%o %s\\n"))
                .isEqualTo(offset + " found\n");
        assertThat(tools.run(
                        "",
                        "kcat",
                        "-G",
                        "librdkafka",
                        "-X",
                        "auto.offset.reset=earliest",
                        "-e",
                        "-f",
                        "%o %s\\n",
                        "dense.needle"))
                .isEqualTo(offset + " found\n");
        assertThat(committed("librdkafka", needle)).isEqualTo(1_000_002);

        Process kafkajs = NodeFolder.of("kafkajs")
                .program("view.js", clients.bootstrap(), "dense.needle", "kafkajs")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(new String(kafkajs.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo(offset + " found\ncommitted 1000002\n");
    }

    private static long committed(String group, TopicPartition partition) throws Exception {
        OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(20, TimeUnit.SECONDS)
                .get(partition);
        return offset == null ? -1 : offset.offset();
    }

    private static void fill(String view, int count) throws Exception {
        try (KafkaProducer<String, String> producer =
                clients.producer(Map.of("batch.size", 65536, "linger.ms", 20, "buffer.memory", 16 << 20))) {
            List<Exception> failures = new CopyOnWriteArrayList<>();
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(view, "x"), (metadata, failure) -> {
                    if (failure != null) {
                        failures.add(failure);
                    }
                });
            }
            producer.flush();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void waitsForTheNextRecordOfItsSubject() {
        publish("mqtt", "wait/for/me", "one");
        TopicPartition view = new TopicPartition("wait.for.me", 0);
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of("fetch.max.wait.ms", "30000"))) {
            consumer.assign(List.of(view));
            consumer.seekToEnd(List.of(view));
            long end = consumer.position(view);
            assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
            publish("mqtt", "wait/for/me", "two");
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos() / 3;
            while (records.isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            assertThat(records).singleElement().satisfies(record -> {
                assertThat(record.value()).isEqualTo("two");
                assertThat(record.offset()).isEqualTo(end);
            });
        }
    }

    @Test
    void hasAnIdOfItsOwnAndOnePartition() throws Exception {
        assertThatThrownBy(() -> describe("who.is.it")).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        publish("mqtt", "who/is/it", "me");
        TopicDescription first = describe("who.is.it");
        assertThat(first.partitions()).hasSize(1);
        assertThat(first.topicId())
                .isNotEqualTo(Uuid.ZERO_UUID)
                .isEqualTo(describe("who.is.it").topicId());
        assertThat(first.topicId()).isNotEqualTo(describe("mqtt").topicId());
        assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS))
                .contains("mqtt")
                .doesNotContain("who.is.it");
    }

    @Test
    void consumersThatMayCreateTopicsFindTheView() throws Exception {
        publish("mqtt", "no/shadow", "device");
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of("allow.auto.create.topics", "true"))) {
            assertThat(readToTheEnd(consumer, new TopicPartition("no.shadow", 0)))
                    .extracting(ConsumerRecord::value)
                    .containsExactly("device");
        }
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            producer.send(new ProducerRecord<>("no.shadow", "program")).get(20, TimeUnit.SECONDS);
        }
        assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).doesNotContain("no.shadow");
        assertThat(broker.records("mqtt"))
                .filteredOn(record -> io.robustmq.kernel.subject.Subjects.canonical(record.subject())
                        .equals("no.shadow"))
                .hasSize(2);
    }

    @Test
    void endsWhenATopicOfItsNameIsCreated() throws Exception {
        publish("mqtt", "to/be/taken", "before");
        Uuid view = describe("to.be.taken").topicId();
        List<String> ended = new CopyOnWriteArrayList<>();
        broker.broker().ports().log().onViewEnd((tenant, name, id) -> ended.add(tenant + "/" + name));
        admin.createTopics(List.of(new NewTopic("to.be.taken", 3, (short) 1)))
                .all()
                .get(20, TimeUnit.SECONDS);
        assertThat(ended).containsExactly("default/to.be.taken");
        assertThat(describe("to.be.taken").topicId()).isNotEqualTo(view);
        assertThat(describe("to.be.taken").partitions()).hasSize(3);
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of())) {
            assertThat(readToTheEnd(consumer, new TopicPartition("to.be.taken", 0)))
                    .isEmpty();
        }
    }

    @Test
    void offsetsAreTheShardsAndTimesTheSubjects() throws Exception {
        create("timed", "timed.>", Map.of());
        publish("timed", "timed/a", "1");
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            send(producer, new ProducerRecord<>("timed.a", null, 5_000L, null, "2"));
            publish("timed", "timed/b", "3");
            send(producer, new ProducerRecord<>("timed.b", null, 9_000_000_000L, null, "4"));
            send(producer, new ProducerRecord<>("timed.b", null, 4_000L, null, "5"));
        }
        assertThat(offset("timed.b", OffsetSpec.earliest()).offset()).isZero();
        assertThat(offset("timed.b", OffsetSpec.latest()).offset()).isEqualTo(5);
        assertThat(offset("timed.b", OffsetSpec.forTimestamp(0)).offset()).isEqualTo(2);
        assertThat(offset("timed.a", OffsetSpec.forTimestamp(1_000)).offset()).isZero();
        assertThat(offset("timed.a", OffsetSpec.maxTimestamp()).offset()).isZero();
        assertThat(offset("timed.b", OffsetSpec.maxTimestamp()).offset()).isEqualTo(2);
        long late = System.currentTimeMillis() + 1_000_000;
        assertThat(offset("timed.a", OffsetSpec.forTimestamp(late)).offset()).isEqualTo(-1);
    }

    @Test
    void outlivesItsRecordsAndTheNode(@TempDir Path data) throws Exception {
        InMemoryMeta meta = new InMemoryMeta();
        try (InProcessBroker first =
                InProcessBroker.options().data(data).meta(meta).start()) {
            TopicPort topics = first.broker().ports().topics();
            topics.create(new TopicRequest(Tenants.DEFAULT, "kept", 1, List.of("kept.>"), "rocksdb", Map.of()))
                    .toCompletableFuture()
                    .join();
            topics.publish(Tenants.DEFAULT, "kept", "kept/one", null, new byte[] {1})
                    .toCompletableFuture()
                    .join();
            try (Admin its = JavaClients.of(first).admin()) {
                assertThat(describe(its, "kept.one").partitions()).hasSize(1);
                assertThatThrownBy(() -> its.deleteRecords(
                                        Map.of(new TopicPartition("kept.one", 0), RecordsToDelete.beforeOffset(1)))
                                .all()
                                .get(20, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(PolicyViolationException.class);
            }
            topics.deleteRecords(Tenants.DEFAULT, "kept", 0, -1)
                    .toCompletableFuture()
                    .join();
        }
        try (InProcessBroker second =
                        InProcessBroker.options().data(data).meta(meta).start();
                Admin its = JavaClients.of(second).admin()) {
            assertThat(second.records("kept")).isEmpty();
            assertThat(describe(its, "kept.one").partitions()).hasSize(1);
            assertThatThrownBy(() -> describe(its, "kept.two"))
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    private static void send(KafkaProducer<String, String> producer, ProducerRecord<String, String> record)
            throws Exception {
        producer.send(record).get(20, TimeUnit.SECONDS);
    }

    private static ListOffsetsResultInfo offset(String view, OffsetSpec spec) throws Exception {
        TopicPartition partition = new TopicPartition(view, 0);
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void canOnlyBeReadOnceAnotherTopicBindsTheSubject() throws Exception {
        publish("mqtt", "moved/away", "old");
        describe("moved.away");
        create("moved", "moved.>", Map.of());
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of())) {
            assertThat(readToTheEnd(consumer, new TopicPartition("moved.away", 0)))
                    .extracting(ConsumerRecord::value)
                    .containsExactly("old");
        }
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            assertThatThrownBy(() -> send(producer, new ProducerRecord<>("moved.away", "new")))
                    .hasCauseInstanceOf(PolicyViolationException.class)
                    .hasMessageContaining("topic 'moved'");
        }
        publish("moved", "moved/away", "new");
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of())) {
            assertThat(readToTheEnd(consumer, new TopicPartition("moved.away", 0)))
                    .extracting(ConsumerRecord::value)
                    .containsExactly("new");
        }
    }

    @Test
    void aWildcardTopicNamesTheViewToProduceTo() {
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            assertThatThrownBy(() -> send(producer, new ProducerRecord<>("mqtt", "sensors/1/temp", "21")))
                    .hasCauseInstanceOf(PolicyViolationException.class)
                    .hasMessageContaining("view 'sensors.1.temp'");
        }
    }

    @Test
    void aTopicForMqttIsNoneForKafka() throws Exception {
        create("devices.only", "devices.only", Map.of("protocols", "mqtt"));
        create("devices.many", "devices.many.>", Map.of("protocols", "mqtt"));
        publish("devices.many", "devices/many/1", "x");
        assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).doesNotContain("devices.only", "devices.many");
        for (String name : List.of("devices.only", "devices.many", "devices.many.1")) {
            assertThatThrownBy(() -> describe(name)).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }
}
