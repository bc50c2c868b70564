/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.mqtt.FileEngines;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.net.TlsContexts;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** A broker whose topics may lie in files, and requests for it. Confined to the test's thread. */
final class FileBroker implements AutoCloseable {
    static final int FETCH_VERSION = 12;
    static final int PRODUCE_VERSION = 9;

    final InProcessBroker broker;

    FileBroker(Path directory, KafkaLimits limits) {
        this(directory, limits, null);
    }

    /** @param tls keys of one more listener, null for none */
    FileBroker(Path directory, KafkaLimits limits, @Nullable TlsContexts tls) {
        FileEngine engine = FileEngines.of(
                List.of(new SystemDisk(directory.resolve("log"))), LogConfig.defaults(), FileEngineConfig.defaults());
        broker = InProcessBroker.options()
                .data(directory)
                .engine(engine)
                .kafkaLimits(limits)
                .tls(tls)
                .start();
    }

    void create(String topic, String engine, int partitions) {
        broker.create(new TopicPort.TopicRequest(Tenants.DEFAULT, topic, partitions, List.of(), engine, Map.of()));
    }

    RawClient client() throws IOException {
        return new RawClient(broker.kafkaPort());
    }

    /** One batch of records of that size, numbered from {@code first} on. */
    static MemoryRecords batch(long first, int count, int size) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(System.currentTimeMillis(), key(first + i), new byte[size]);
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    static byte[] key(long number) {
        return ("key " + number).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static ProduceRequestData produce(String topic, int partition, MemoryRecords records) {
        TopicProduceData data = new TopicProduceData()
                .setName(topic)
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(records)));
        return new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTopicData(new TopicProduceDataCollection(List.of(data).iterator()));
    }

    /** Appends so many batches to a partition, with keys that are their offsets. */
    void fill(String topic, int partition, int batches, int records, int size) throws IOException {
        try (RawClient client = client()) {
            for (int i = 0; i < batches; i++) {
                client.send(
                        ApiKeys.PRODUCE,
                        PRODUCE_VERSION,
                        produce(topic, partition, batch((long) i * records, records, size)));
                var answer = client.receive(ProduceResponseData.class)
                        .responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .get(0);
                if (answer.errorCode() != 0) {
                    throw new IllegalStateException("error " + answer.errorCode() + " " + answer.errorMessage());
                }
            }
        }
    }

    static FetchRequestData fetch(String topic, int bytesMin, int bytesMax, int waitMillis, long... offsets) {
        List<FetchPartition> partitions = new ArrayList<>();
        for (int i = 0; i < offsets.length; i++) {
            partitions.add(new FetchPartition()
                    .setPartition(i)
                    .setFetchOffset(offsets[i])
                    .setPartitionMaxBytes(bytesMax));
        }
        return new FetchRequestData()
                .setMinBytes(bytesMin)
                .setMaxBytes(bytesMax)
                .setMaxWaitMs(waitMillis)
                .setTopics(List.of(new FetchTopic().setTopic(topic).setPartitions(partitions)));
    }

    @Override
    public void close() {
        broker.close();
    }
}
