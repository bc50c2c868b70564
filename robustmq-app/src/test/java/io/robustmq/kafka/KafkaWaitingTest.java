/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaConnection;
import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.kafka.connection.KafkaOptions;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.ListenerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every request has its response in time, whatever stands before it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaWaitingTest {
    private static final int LONG_WAIT_MILLIS = 600_000;
    private static final int ROUNDS = 2_000;
    private static final int VERSION = 12;
    private static final String TOPIC = "waited.for";
    private static final String QUIET = "never.written";

    @TempDir
    static Path directory;

    private static InProcessBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = InProcessBroker.options().data(directory).start();
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(new CreatableTopic().setName(TOPIC).setNumPartitions(2).setReplicationFactor((short) 1));
        topics.add(new CreatableTopic().setName(QUIET).setNumPartitions(2).setReplicationFactor((short) 1));
        try (RawClient client = new RawClient(broker.kafkaPort())) {
            client.send(
                    ApiKeys.CREATE_TOPICS,
                    6,
                    new CreateTopicsRequestData().setTopics(topics).setTimeoutMs(10_000));
            assertThat(client.receive(CreateTopicsResponseData.class).topics())
                    .allMatch(topic -> topic.errorCode() == 0);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static FetchRequestData fetch() {
        return new FetchRequestData()
                .setMaxWaitMs(LONG_WAIT_MILLIS)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setSessionId(0)
                .setSessionEpoch(0);
    }

    private static FetchTopic of(String topic, long... offsets) {
        FetchTopic asked = new FetchTopic().setTopic(topic);
        for (int i = 0; i < offsets.length; i++) {
            asked.partitions()
                    .add(new FetchPartition()
                            .setPartition(i)
                            .setFetchOffset(offsets[i])
                            .setPartitionMaxBytes(1 << 20));
        }
        return asked;
    }

    private static ProduceRequestData produce(int partition) {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(System.currentTimeMillis(), null, new byte[] {1}));
        return FileBroker.produce(TOPIC, partition, records).setTimeoutMs(1000);
    }

    /** The fetch comes before, while and after the batch does: no order may lose the wake-up. */
    @Test
    void everyAppendWakesTheFetchThatWaitsForIt() throws IOException {
        long[] next = new long[2];
        try (RawClient consumer = new RawClient(broker.kafkaPort());
                RawClient producer = new RawClient(broker.kafkaPort())) {
            for (int round = 0; round < ROUNDS; round++) {
                int partition = round % 2;
                FetchRequestData request = fetch().setTopics(List.of(of(TOPIC, next)));
                if (round % 3 == 0) {
                    producer.send(ApiKeys.PRODUCE, 9, produce(partition));
                    consumer.send(ApiKeys.FETCH, VERSION, request);
                } else {
                    consumer.send(ApiKeys.FETCH, VERSION, request);
                    producer.send(ApiKeys.PRODUCE, 9, produce(partition));
                }
                FetchResponseData response = consumer.receive(FetchResponseData.class);
                PartitionData data = response.responses().get(0).partitions().get(partition);
                assertThat(data.records().sizeInBytes()).as("round %d", round).isPositive();
                assertThat(data.highWatermark()).isEqualTo(++next[partition]);
                producer.receive(ProduceResponseData.class);
            }
        }
    }

    @Test
    void aFetchWaitsNoLongerWhenAnotherRequestStandsBehindIt() throws IOException {
        try (RawClient client = new RawClient(broker.kafkaPort())) {
            client.send(ApiKeys.FETCH, VERSION, fetch().setTopics(List.of(of(QUIET, 0, 0))))
                    .send(ApiKeys.METADATA, 9, new MetadataRequestData().setTopics(List.of()));
            FetchResponseData fetched = client.receive(FetchResponseData.class);
            assertThat(fetched.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(fetched.responses().get(0).partitions())
                    .hasSize(2)
                    .allMatch(partition -> partition.errorCode() == 0 && partition.highWatermark() == 0);
            assertThat(client.receive(MetadataResponseData.class).brokers()).hasSize(1);
        }
    }

    /** What a consumer sends when it closes: it waits for the response, by default for 30 s. */
    @Test
    void theEndOfASessionIsAnsweredAtOnce() throws IOException {
        FetchRequestData end = fetch().setSessionEpoch(-1);
        try (RawClient client = new RawClient(broker.kafkaPort())) {
            client.send(ApiKeys.FETCH, VERSION, end);
            assertThat(client.receive(FetchResponseData.class).errorCode()).isEqualTo(Errors.NONE.code());
            client.send(ApiKeys.FETCH, VERSION, fetch().setTopics(List.of(of(QUIET, 0))))
                    .send(ApiKeys.FETCH, VERSION, end);
            assertThat(client.receive(FetchResponseData.class).responses()).hasSize(1);
            assertThat(client.receive(FetchResponseData.class).responses()).isEmpty();
        }
    }

    @Test
    void aConnectionEndsWhenItsFirstRequestHasNoAnswer() throws Exception {
        KafkaLimits limits = new KafkaLimits(1 << 20, 1 << 20, 8, 200);
        KafkaServices services =
                new KafkaServices(broker.broker().ports(), new KafkaOptions("test", 1, null, true, limits));
        CompletableFuture<Exchange> unanswered = new CompletableFuture<>();
        broker.server()
                .open(List.of(ListenerSpec.tcp(
                        "silent",
                        0,
                        (channel, loop, info) -> channel.pipeline()
                                .addLast(new KafkaConnection(services, channel, loop, info, unanswered::complete)))));
        try (RawClient client =
                new RawClient(broker.server().address("silent-tcp").getPort())) {
            client.send(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData()).awaitEnd();
        }
        // An answer that comes after all gives back what the request holds.
        Exchange late = unanswered.get(10, TimeUnit.SECONDS);
        late.reply(new ApiVersionsResponseData());
    }
}
