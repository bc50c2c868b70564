/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.OneLoopBroker;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What makes Kafka's paths cheap, in numbers that no busy neighbour disturbs: a record in a batch costs no garbage. */
class KafkaHotPathCountersTest {
    private static final int ROUNDS = 1500;
    private static final int BYTES_PER_REQUEST_MAX = 12_000;

    private OneLoopBroker node;
    private InProcessBroker broker;

    @BeforeEach
    void oneLoopWithoutLeakRecords() throws Exception {
        node = new OneLoopBroker();
        broker = node.broker();
        for (String topic : new String[] {"few", "many"}) {
            broker.create(new TopicRequest(Tenants.DEFAULT, topic, 1, List.of(), "memory", Map.of()));
        }
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** A request whose bytes are made once. */
    private static byte[] frame(ApiKeys api, int version, ApiMessage data) {
        return RawClient.framed(RawClient.request(new RequestHeader(api, (short) version, "hot", 1), data));
    }

    /** Bytes that the loop allocates for a request, of those after as many to warm up. */
    private double bytesPerRequest(byte[] frame) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", broker.kafkaPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] response = new byte[1 << 20];
            long before = 0;
            for (int round = 0; round < 2 * ROUNDS; round++) {
                if (round == ROUNDS) {
                    before = node.allocated();
                }
                socket.getOutputStream().write(frame);
                in.readFully(response, 0, in.readInt());
            }
            return (node.allocated() - before) / (double) ROUNDS;
        }
    }

    private static byte[] produce(String topic, int records) {
        return frame(
                ApiKeys.PRODUCE,
                FileBroker.PRODUCE_VERSION,
                FileBroker.produce(topic, 0, FileBroker.batch(0, records, 10)));
    }

    @Test
    void aProducedRecordAllocatesNothing() throws IOException {
        double one = bytesPerRequest(produce("few", 1));
        double thousand = bytesPerRequest(produce("many", 1000));
        assertThat(one).as("bytes for a request of one record").isLessThan(BYTES_PER_REQUEST_MAX);
        assertThat((thousand - one) / 999).as("bytes for each further record").isLessThan(2);
    }

    @Test
    void aFetchedRecordAllocatesNothing() throws IOException {
        bytesPerRequest(produce("few", 1));
        bytesPerRequest(produce("many", 300));
        double one = bytesPerRequest(
                frame(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("few", 1, 100, 100, 0)));
        double thousand = bytesPerRequest(
                frame(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("many", 1, 20_000, 100, 0)));
        assertThat(one).as("bytes for a fetch of one record").isLessThan(BYTES_PER_REQUEST_MAX);
        assertThat((thousand - one) / 300).as("bytes for each further record").isLessThan(4);
    }
}
