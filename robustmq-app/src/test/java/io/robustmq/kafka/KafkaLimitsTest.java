/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.connection.KafkaLimits;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each limit from both sides. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaLimitsTest {
    private static final int REQUEST_BYTES_MAX = 100_000;
    private static final int FETCH_BYTES_MAX = 200_000;
    private static final int IN_FLIGHT_MAX = 3;

    @TempDir
    Path directory;

    private FileBroker files;

    @BeforeEach
    void start() throws Exception {
        files = new FileBroker(directory, new KafkaLimits(REQUEST_BYTES_MAX, FETCH_BYTES_MAX, IN_FLIGHT_MAX, 60_000));
        files.create("limited", "file", 1);
    }

    @AfterEach
    void stop() {
        files.close();
        assertThat(files.broker.budget().usedBytes()).isZero();
    }

    /** A produce request of exactly so many bytes behind its length. */
    private static ProduceRequestData request(int bytes) {
        int size = bytes - 500;
        while (true) {
            ProduceRequestData data = FileBroker.produce("limited", 0, FileBroker.batch(0, 1, size));
            RequestHeader header = new RequestHeader(ApiKeys.PRODUCE, (short) FileBroker.PRODUCE_VERSION, "raw", 1);
            int now = RawClient.request(header, data).length;
            if (now == bytes) {
                return data;
            }
            size += bytes - now;
        }
    }

    @Test
    void aRequestOfTheLargestSizeIsReadAndALargerOneIsNot() throws IOException {
        try (RawClient client = files.client()) {
            client.send(ApiKeys.PRODUCE, FileBroker.PRODUCE_VERSION, request(REQUEST_BYTES_MAX));
            var answer = client.receive(ProduceResponseData.class)
                    .responses()
                    .iterator()
                    .next();
            assertThat(answer.partitionResponses().get(0).errorCode()).isZero();
            client.send(ApiKeys.PRODUCE, FileBroker.PRODUCE_VERSION, request(REQUEST_BYTES_MAX + 1));
            client.awaitEnd();
        } catch (SocketException reset) {
            // The rest of the request was not read, so the close is a reset.
            assertThat(reset).hasMessageContaining("reset");
        }
        assertThat(files.broker.kafkaCounters().malformed.sum()).isEqualTo(1);
    }

    @Test
    void aResponseHoldsAsMuchAsTheNodeAllowsWhateverTheClientWants() throws IOException {
        files.fill("limited", 0, 30, 10, 1000);
        int batch = FileBroker.batch(0, 10, 1000).sizeInBytes();
        try (RawClient client = files.client()) {
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("limited", 1, 10 << 20, 1000, 0));
            assertThat(size(client)).isLessThanOrEqualTo(FETCH_BYTES_MAX).isGreaterThan(FETCH_BYTES_MAX - 2 * batch);
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("limited", 1, 3 * batch, 1000, 0));
            assertThat(size(client)).isBetween(batch, 3 * batch);
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("limited", 1, 1, 1000, 0));
            assertThat(size(client)).as("the first batch, though it is larger").isBetween(batch - 10, batch + 10);
        }
    }

    private static int size(RawClient client) throws IOException {
        return client.receive(FetchResponseData.class)
                .responses()
                .get(0)
                .partitions()
                .get(0)
                .records()
                .sizeInBytes();
    }

    @Test
    void requestsBeyondThoseInFlightWait() throws IOException {
        MetadataRequestData metadata = new MetadataRequestData().setTopics(List.of());
        try (RawClient client = files.client()) {
            // One that stands behind would end the waiting of those before it, if it were read.
            for (int i = 0; i < IN_FLIGHT_MAX; i++) {
                client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("limited", 1, 1000, 700, 0));
            }
            long begin = System.nanoTime();
            client.send(ApiKeys.METADATA, 9, metadata);
            client.receive(FetchResponseData.class);
            assertThat(System.nanoTime() - begin)
                    .as("the first fetch has waited")
                    .isGreaterThan(500_000_000L);
            for (int i = 1; i < IN_FLIGHT_MAX; i++) {
                client.receive(FetchResponseData.class);
            }
            assertThat(client.receive(MetadataResponseData.class).brokers()).hasSize(1);
        }
        try (RawClient client = files.client()) {
            long begin = System.nanoTime();
            for (int i = 1; i < IN_FLIGHT_MAX; i++) {
                client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("limited", 1, 1000, 20_000, 0));
            }
            client.send(ApiKeys.METADATA, 9, metadata);
            for (int i = 1; i < IN_FLIGHT_MAX; i++) {
                client.receive(FetchResponseData.class);
            }
            assertThat(client.receive(MetadataResponseData.class).brokers()).hasSize(1);
            assertThat(System.nanoTime() - begin).as("read at once").isLessThan(10_000_000_000L);
        }
    }

    @Test
    void aNodeShortOfMemoryAnswersLittleAndGoesOn() throws IOException {
        files.fill("limited", 0, 15, 10, 1000);
        var budget = files.broker.budget();
        long most = budget.limitBytes() - (1 << 20);
        try (RawClient client = files.client()) {
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("limited", 1, 1 << 20, 1000, 0));
            assertThat(size(client)).isGreaterThan(130_000);
            budget.reserve(most);
            assertThat(budget.underPressure()).isTrue();
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("limited", 1, 1 << 20, 1000, 0));
            assertThat(size(client)).isBetween(10_000, 64 * 1024);
        } finally {
            budget.release(most);
        }
    }
}
