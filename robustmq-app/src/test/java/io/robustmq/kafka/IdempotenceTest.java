/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.InProcessBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Idempotent producers through the socket: what Kafka answers to each batch, and clients whose responses get lost. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IdempotenceTest {
    private static final String TOPIC = "once";
    private static final int VERSION = 9;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int BASE_SEQUENCE = 53;

    @TempDir
    Path directory;

    private final InMemoryMeta meta = new InMemoryMeta();
    private InProcessBroker broker;
    private RawClient raw;

    @BeforeEach
    void start() throws Exception {
        broker = InProcessBroker.options().data(directory).meta(meta).start();
        raw = new RawClient(broker.kafkaPort());
        try (var admin = JavaClients.of(broker).admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1))).all().get(20, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void stop() {
        raw.close();
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
        assertThat(broker.broker().counters().producers.known.get()).isZero();
    }

    private static MemoryRecords batch(long id, int epoch, int sequence, int records) {
        SimpleRecord[] made = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            made[i] = new SimpleRecord(1_000 + i, null, new byte[] {(byte) i});
        }
        return MemoryRecords.withIdempotentRecords(Compression.NONE, id, (short) epoch, sequence, made);
    }

    private static ProduceRequestData request(int acks, MemoryRecords records) {
        return FileBroker.produce(TOPIC, 0, records).setAcks((short) acks).setTimeoutMs(1000);
    }

    private PartitionProduceResponse answer() throws IOException {
        return raw.receive(ProduceResponseData.class)
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0);
    }

    private PartitionProduceResponse produce(int acks, MemoryRecords records) throws IOException {
        raw.send(ApiKeys.PRODUCE, VERSION, request(acks, records));
        return answer();
    }

    private void appended(long offset, PartitionProduceResponse answer) {
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(answer.baseOffset()).isEqualTo(offset);
    }

    private void refused(Errors error, PartitionProduceResponse answer) {
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(error);
        assertThat(answer.baseOffset()).isEqualTo(-1);
    }

    private InitProducerIdResponseData init(InitProducerIdRequestData request) throws IOException {
        return raw.send(ApiKeys.INIT_PRODUCER_ID, 4, request).receive(InitProducerIdResponseData.class);
    }

    private static InitProducerIdRequestData fresh() {
        return new InitProducerIdRequestData().setTransactionalId(null);
    }

    @Test
    void everyProducerGetsAnIdOfItsOwn() throws IOException {
        InitProducerIdResponseData first = init(fresh());
        assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.NONE);
        assertThat(first.producerEpoch()).isZero();
        InitProducerIdResponseData second =
                init(fresh().setProducerId(first.producerId()).setProducerEpoch((short) 3));
        assertThat(second.producerId()).isGreaterThan(first.producerId());
        assertThat(second.producerEpoch()).isZero();
        assertThat(Errors.forCode(init(fresh().setProducerId(5)).errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(init(fresh().setTransactionalId("")).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        InitProducerIdResponseData transactional = init(fresh().setTransactionalId("tx"));
        assertThat(Errors.forCode(transactional.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(transactional.producerId()).isEqualTo(-1);
    }

    @Test
    void aRepeatedBatchIsAnsweredWithItsPlace() throws IOException {
        for (int acks : new int[] {-1, 1}) {
            long offset = acks == -1 ? 0 : 3;
            appended(offset, produce(acks, batch(70 + acks, 0, 0, 2)));
            appended(offset + 2, produce(acks, batch(70 + acks, 0, 2, 1)));
            appended(offset, produce(acks, batch(70 + acks, 0, 0, 2)));
            appended(offset + 2, produce(acks, batch(70 + acks, 0, 2, 1)));
        }
        assertThat(broker.broker().counters().producers.repeated.sum()).isEqualTo(4);
        appended(6, produce(-1, batch(70, 0, 0, 1)));
    }

    @Test
    void batchesInFlightAreAnsweredInOrder() throws IOException {
        int[] sequences = {0, 1, 0, 3, 2, 1, 3};
        for (int sequence : sequences) {
            raw.send(ApiKeys.PRODUCE, VERSION, request(-1, batch(7, 0, sequence, 1)));
        }
        appended(0, answer());
        appended(1, answer());
        appended(0, answer());
        refused(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, answer());
        appended(2, answer());
        appended(1, answer());
        appended(3, answer());
    }

    @Test
    void gapsAndOldEpochsAreRefused() throws IOException {
        appended(0, produce(-1, batch(7, 1, 0, 1)));
        refused(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, produce(-1, batch(7, 1, 2, 1)));
        refused(Errors.INVALID_PRODUCER_EPOCH, produce(-1, batch(7, 0, 1, 1)));
        refused(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, produce(-1, batch(7, 2, 5, 1)));
        appended(1, produce(-1, batch(7, 2, 0, 1)));
        MemoryRecords unnumbered = batch(7, 2, 1, 1);
        ByteBuffer bytes = unnumbered.buffer();
        bytes.putInt(BASE_SEQUENCE, -1);
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(ATTRIBUTES));
        bytes.putInt(CRC, (int) crc.getValue());
        refused(Errors.INVALID_RECORD, produce(-1, unnumbered));
    }

    @Test
    void withoutResponsesARepetitionIsSilentAndAGapEndsTheConnection() throws IOException {
        raw.send(ApiKeys.PRODUCE, VERSION, request(0, batch(7, 0, 0, 1)));
        raw.send(ApiKeys.PRODUCE, VERSION, request(0, batch(7, 0, 0, 1)));
        try (RawClient other = new RawClient(broker.kafkaPort())) {
            other.send(ApiKeys.PRODUCE, VERSION, request(0, batch(8, 0, 4, 1)))
                    .send(ApiKeys.PRODUCE, VERSION, request(0, batch(8, 0, 9, 1)))
                    .awaitEnd();
        }
    }

    @Test
    void whatIsKnownOutlivesTheNode() throws Exception {
        long id = init(fresh()).producerId();
        appended(0, produce(-1, batch(id, 0, 0, 2)));
        appended(2, produce(-1, batch(id, 0, 2, 1)));
        raw.close();
        broker.close();
        broker = InProcessBroker.options().data(directory).meta(meta).start();
        raw = new RawClient(broker.kafkaPort());
        assertThat(init(fresh()).producerId()).isGreaterThan(id);
        appended(0, produce(-1, batch(id, 0, 0, 2)));
        refused(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, produce(-1, batch(id, 0, 4, 1)));
        appended(3, produce(-1, batch(id, 0, 3, 1)));
    }

    /** With default settings, as most clients are. */
    @Test
    void lostResponsesNeitherLoseNorRepeatNorReorder() throws Exception {
        int records = 3_000;
        try (DroppingProxy proxy = new DroppingProxy(12, 42);
                InProcessBroker behind = InProcessBroker.options()
                        .data(directory.resolve("behind"))
                        .advertised(proxy.port())
                        .start()) {
            proxy.to(behind.kafkaPort());
            sendThrough(proxy, records);
            readAll(behind, records);
        }
    }

    private static void sendThrough(DroppingProxy proxy, int records) throws Exception {
        try (KafkaProducer<String, String> producer = new JavaClients("127.0.0.1:" + proxy.port())
                .producer(Map.of(
                        "linger.ms", "1",
                        "batch.size", "200",
                        "reconnect.backoff.ms", "5",
                        "reconnect.backoff.max.ms", "20",
                        "retry.backoff.ms", "5"))) {
            try (var admin = new JavaClients("127.0.0.1:" + proxy.port()).admin()) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                sent.add(producer.send(new ProducerRecord<>(TOPIC, i % 3, null, Integer.toString(i))));
            }
            for (Future<RecordMetadata> each : sent) {
                assertThat(each.get(60, TimeUnit.SECONDS).hasOffset()).isTrue();
            }
            assertThat(proxy.dropped()).isGreaterThan(3);
        }
    }

    private static void readAll(InProcessBroker behind, int records) {
        try (var consumer = JavaClients.of(behind).consumer(Map.of())) {
            for (int partition = 0; partition < 3; partition++) {
                TopicPartition place = new TopicPartition(TOPIC, partition);
                consumer.assign(List.of(place));
                consumer.seekToBeginning(List.of(place));
                int next = partition;
                long end = consumer.endOffsets(List.of(place)).get(place);
                assertThat(end).isEqualTo(records / 3);
                while (consumer.position(place) < end) {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(5))) {
                        assertThat(record.value()).isEqualTo(Integer.toString(next));
                        next += 3;
                    }
                }
            }
        }
    }
}
