/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.connection.KafkaCounters;
import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.kernel.Tenants;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How fetched bytes leave: from files without a copy, once each, and never more than the client takes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FetchPathTest {
    private static final int STALL_MILLIS = 2_000;
    private static final int FETCH_BYTES_MAX = 24 << 20;
    private static final int BATCH_RECORDS = 64;
    private static final int RECORD_BYTES = 4096;

    @TempDir
    Path directory;

    private FileBroker files;
    private KafkaCounters counters;

    @BeforeEach
    void start() {
        files = new FileBroker(directory, new KafkaLimits(32 << 20, FETCH_BYTES_MAX, 8, STALL_MILLIS));
        counters = files.broker.kafkaCounters();
    }

    @AfterEach
    void stop() {
        files.close();
        assertThat(files.broker.budget().usedBytes()).isZero();
    }

    private static void await(String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Asserts that batches are whole, in order and as appended; the first offset behind them. */
    private static long check(PartitionData data, long from) {
        long next = from;
        for (RecordBatch batch : ((Records) data.records()).batches()) {
            batch.ensureValid();
            assertThat(batch.baseOffset()).isEqualTo(next);
            assertThat(batch.partitionLeaderEpoch()).isPositive();
            for (Record record : batch) {
                byte[] key = new byte[record.keySize()];
                record.key().get(key);
                assertThat(key).isEqualTo(FileBroker.key(next++));
            }
        }
        return next;
    }

    private static PartitionData data(FetchResponseData response, int partition) {
        return response.responses().get(0).partitions().get(partition);
    }

    @Test
    void manyPartitionsLeaveAsRegionsOfTheirFiles() throws Exception {
        files.create("wide", "file", 3);
        for (int partition = 0; partition < 3; partition++) {
            files.fill("wide", partition, 4, BATCH_RECORDS, RECORD_BYTES);
        }
        long[] next = new long[3];
        try (RawClient client = files.client()) {
            while (next[0] + next[1] + next[2] < 3 * 4 * BATCH_RECORDS) {
                client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("wide", 1, 3 << 20, 1000, next));
                FetchResponseData response = client.receive(FetchResponseData.class);
                for (int partition = 0; partition < 3; partition++) {
                    next[partition] = check(data(response, partition), next[partition]);
                }
            }
        }
        assertThat(counters.fetchedFileBytes.sum())
                .isEqualTo(counters.fetchedBytes.sum())
                .isGreaterThan(3 * 4 * BATCH_RECORDS * RECORD_BYTES);
        assertThat(counters.bytesOut.sum()).isGreaterThan(counters.fetchedBytes.sum());
    }

    @Test
    void littleIsCopied() throws Exception {
        files.create("little", "file", 1);
        files.fill("little", 0, 3, 2, 100);
        try (RawClient client = files.client()) {
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("little", 1, 1 << 20, 1000, 0));
            assertThat(check(data(client.receive(FetchResponseData.class), 0), 0))
                    .isEqualTo(6);
        }
        assertThat(counters.fetchedFileBytes.sum()).isZero();
    }

    /** The region is queued, and partly sent, when its records are deleted, and then the topic. */
    @Test
    void whatIsDeletedMeanwhileStillArrivesAsItWas() throws Exception {
        files.create("doomed", "file", 1);
        int batches = 20 << 20 >> 18;
        files.fill("doomed", 0, batches, BATCH_RECORDS, RECORD_BYTES);
        try (RawClient client = files.client()) {
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("doomed", 1, 20 << 20, 1000, 0));
            await("the response begins", () -> counters.fetchedFileBytes.sum() > 0);
            var topics = files.broker.broker().ports().topics();
            topics.deleteRecords(Tenants.DEFAULT, "doomed", 0, (long) batches * BATCH_RECORDS)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            topics.delete(Tenants.DEFAULT, "doomed").toCompletableFuture().get(10, TimeUnit.SECONDS);
            files.create("next", "file", 1);
            files.fill("next", 0, 8, BATCH_RECORDS, RECORD_BYTES);
            long next = check(data(client.receive(FetchResponseData.class), 0), 0);
            assertThat(next).isGreaterThan(16 << 20 >> 12);
        }
    }

    /** Others go on; what was held for it is given back. */
    @ParameterizedTest
    @ValueSource(strings = {"file", "memory"})
    void whoNeverReadsIsLetGo(String engine) throws Exception {
        files.create("unread", engine, 1);
        files.fill("unread", 0, 64, BATCH_RECORDS, RECORD_BYTES);
        try (RawClient client = files.client();
                RawClient other = files.client()) {
            for (int i = 0; i < 100; i++) {
                client.send(
                        ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("unread", 1, FETCH_BYTES_MAX, 0, 0));
            }
            await("a response is begun", () -> counters.fetchedBytes.sum() > 0);
            long readsMax = engine.equals("file") ? 40 : 4;
            while (counters.stalled.sum() == 0) {
                other.send(ApiKeys.METADATA, 9, new MetadataRequestData().setTopics(java.util.List.of()));
                assertThat(other.receive(MetadataResponseData.class).brokers()).hasSize(1);
                assertThat(files.broker.budget().usedBytes()).isLessThan(2L * FETCH_BYTES_MAX + (4 << 20));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            assertThat(counters.fetchReads.sum()).isLessThanOrEqualTo(readsMax);
            await("its memory is given back", () -> files.broker.budget().usedBytes() == 0);
        }
    }

    /** A client that wants much at once is not an excuse to read the same again with every append. */
    @Test
    void waitingForManyBytesReadsThemOnce() throws Exception {
        files.create("patient", "file", 2);
        int appends = 300;
        int bytesMin = appends * 1000 / 2;
        try (RawClient consumer = files.client();
                RawClient producer = files.client()) {
            consumer.send(
                    ApiKeys.FETCH,
                    FileBroker.FETCH_VERSION,
                    FileBroker.fetch("patient", bytesMin, 1 << 20, 30_000, 0, 0));
            await("the fetch waits", () -> counters.fetchWaits.sum() == 1);
            for (int i = 0; i < appends; i++) {
                producer.send(
                        ApiKeys.PRODUCE,
                        FileBroker.PRODUCE_VERSION,
                        FileBroker.produce("patient", i % 2, FileBroker.batch(i / 2, 1, 1000)));
                producer.receive(ProduceResponseData.class);
            }
            FetchResponseData response = consumer.receive(FetchResponseData.class);
            long first = check(data(response, 0), 0);
            long second = check(data(response, 1), 0);
            assertThat((first + second) * 1100).isGreaterThanOrEqualTo(bytesMin);
        }
        assertThat(counters.fetchReads.sum()).as("reads of a partition").isLessThanOrEqualTo(10);
    }
}
