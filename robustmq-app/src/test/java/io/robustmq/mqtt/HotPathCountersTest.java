/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.codec.MqttVersion;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What makes the hot path cheap, in numbers that no busy neighbour disturbs: deliveries per send, records per batch, bytes
 * allocated per delivery.
 */
class HotPathCountersTest {
    private static final int BURST = 500;
    private static final int WARM_UP_BURSTS = 60;
    private static final int MEASURED_BURSTS = 40;
    private static final String PAYLOAD = "x".repeat(64);
    private static final String TOPIC = "bench/fan-in/one";

    private OneLoopBroker node;
    private InProcessBroker broker;

    @BeforeEach
    void oneLoopWithoutLeakRecords() throws Exception {
        node = new OneLoopBroker();
        broker = node.broker();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private record Sample(long delivered, long sends, long records, long batches, long allocated) {
        double deliveriesPerSend(Sample before) {
            return (double) (delivered - before.delivered) / (sends - before.sends);
        }

        double recordsPerBatch(Sample before) {
            return (double) (records - before.records) / (batches - before.batches);
        }

        double bytesPerDelivery(Sample before) {
            return (double) (allocated - before.allocated) / (delivered - before.delivered);
        }
    }

    private Sample sample() {
        return new Sample(
                broker.counters().delivered.sum(),
                broker.counters().sends.sum(),
                broker.broker().counters().records.sum(),
                broker.broker().counters().batches.sum(),
                node.allocated());
    }

    @Test
    void fanInAtQos0GathersAndAllocatesNextToNothing() {
        try (MqttRawClient subscriber = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, "sub");
                MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, "pub")) {
            subscriber.subscribe(1, "bench/#", 0).expectSubAck(1, 0);
            int packetBytes = 2 + 2 + TOPIC.length() + PAYLOAD.length();
            for (int i = 0; i < WARM_UP_BURSTS; i++) {
                burst(publisher, subscriber, packetBytes);
            }
            Sample before = sample();
            for (int i = 0; i < MEASURED_BURSTS; i++) {
                burst(publisher, subscriber, packetBytes);
            }
            Sample after = sample();

            assertThat(after.delivered() - before.delivered()).isEqualTo((long) BURST * MEASURED_BURSTS);
            assertThat(after.deliveriesPerSend(before))
                    .as("deliveries per send")
                    .isGreaterThan(50);
            assertThat(after.recordsPerBatch(before)).as("records per batch").isGreaterThan(50);
            assertThat(after.bytesPerDelivery(before))
                    .as("bytes allocated per delivery")
                    .isLessThan(16);
        }
    }

    private static void burst(MqttRawClient publisher, MqttRawClient subscriber, int packetBytes) {
        publisher.send(out -> {
            for (int i = 0; i < BURST; i++) {
                out.writeByte(0x30).writeByte(2 + TOPIC.length() + PAYLOAD.length());
                out.writeShort(TOPIC.length());
                out.writeCharSequence(TOPIC, java.nio.charset.StandardCharsets.US_ASCII);
                out.writeCharSequence(PAYLOAD, java.nio.charset.StandardCharsets.US_ASCII);
            }
        });
        skip(subscriber, BURST * packetBytes);
    }

    @Test
    void pairsAtQos1GatherTheirWindow() {
        int window = 20;
        try (MqttRawClient subscriber = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, "sub");
                MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, "pub")) {
            subscriber.subscribe(1, TOPIC, 1).expectSubAck(1, 1);
            int rounds = 1000;
            Sample before = sample();
            for (int round = 0; round < 2 * rounds; round++) {
                if (round == rounds) {
                    before = sample();
                }
                window(publisher, subscriber, window);
            }
            Sample after = sample();

            assertThat(after.recordsPerBatch(before)).as("records per batch").isGreaterThan(window / 2.0);
            assertThat(after.deliveriesPerSend(before))
                    .as("deliveries per send, where every second send is the window of PUBACKs")
                    .isGreaterThan(window / 4.0);
            assertThat(after.bytesPerDelivery(before))
                    .as("bytes allocated per delivery")
                    .isLessThan(96);
        }
    }

    private static void window(MqttRawClient publisher, MqttRawClient subscriber, int window) {
        publisher.send(out -> {
            for (int id = 1; id <= window; id++) {
                out.writeByte(0x32).writeByte(4 + TOPIC.length() + PAYLOAD.length());
                out.writeShort(TOPIC.length());
                out.writeCharSequence(TOPIC, java.nio.charset.StandardCharsets.US_ASCII);
                out.writeShort(id);
                out.writeCharSequence(PAYLOAD, java.nio.charset.StandardCharsets.US_ASCII);
            }
        });
        int[] ids = new int[window];
        try {
            DataInputStream in = new DataInputStream(subscriber.raw().socket().getInputStream());
            byte[] rest = new byte[PAYLOAD.length()];
            for (int i = 0; i < window; i++) {
                in.readFully(rest, 0, 4 + TOPIC.length());
                ids[i] = in.readUnsignedShort();
                in.readFully(rest, 0, PAYLOAD.length());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        subscriber.send(out -> {
            for (int id : ids) {
                out.writeInt(0x40020000 | id);
            }
        });
        skip(publisher, 4 * window);
    }

    private static void skip(MqttRawClient client, int bytes) {
        try {
            int left = bytes;
            byte[] buffer = new byte[64 * 1024];
            while (left > 0) {
                int read = client.raw().socket().getInputStream().read(buffer, 0, Math.min(left, buffer.length));
                if (read < 0) {
                    throw new AssertionError("closed with " + left + " bytes missing");
                }
                left -= read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
