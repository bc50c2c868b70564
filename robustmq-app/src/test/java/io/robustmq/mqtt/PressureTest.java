/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.testkit.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that do not read, memory that runs short, queues that are full, and the end of the server. */
class PressureTest {
    private static final int QUEUED = 50;
    private static final int OUTBOUND_BYTES = 64 << 10;
    private static final int LARGE = 16 << 10;
    private InProcessBroker broker;

    @BeforeEach
    void start() {
        broker = InProcessBroker.options()
                .loops(2)
                .budgetBytes(32 << 20)
                .limits(new MqttLimits(
                        1 << 20, 1024, 32, 1024, QUEUED, 4 << 20, OUTBOUND_BYTES, MqttLimits.NEVER, 0, 10_000))
                .start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    /** A client with a small receive buffer, so that the server's socket is full soon. */
    private MqttRawClient narrow(String id, boolean cleanStart) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", broker.tcpPort()));
            MqttRawClient client = new MqttRawClient(new RawClient(socket, Duration.ofSeconds(20)), MqttVersion.V5);
            client.connect(id, cleanStart, null, Steps.expiry(cleanStart ? 0 : 60))
                    .expectAccepted();
            return client;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Publishes until the subscriber's socket and buffer are full; answers how many there were. */
    private int fill(MqttRawClient publisher, String topic, int payloadBytes) {
        int sent = 0;
        long dropped = broker.counters().droppedSlow.sum();
        while (broker.counters().droppedSlow.sum() == dropped) {
            assertThat(sent).as("nothing was dropped").isLessThan(5_000);
            for (int i = 0; i < 20; i++) {
                publisher.publish(topic, sent++ + " " + "x".repeat(payloadBytes));
            }
            Steps.ping(publisher);
        }
        return sent;
    }

    /** QoS 0 is dropped and counted, QoS 1 waits, memory stays bounded, and others get everything. */
    @Test
    void slowConsumer() {
        String topic = "slow/topic";
        try (MqttRawClient slow = narrow("slow", true);
                MqttRawClient publisher = client(MqttVersion.V3_1_1);
                MqttRawClient other = client(MqttVersion.V3_1_1)) {
            Steps.subscribe(slow, topic, 1);
            int zeros = fill(publisher, topic, LARGE);
            Steps.subscribe(other, topic, 1);
            for (int i = 0; i < 20; i++) {
                Steps.publish(publisher, topic, "one" + i);
                Steps.receive(other, topic, "one" + i, 1);
            }
            long dropped = broker.counters().droppedSlow.sum();
            assertThat(broker.budget().usedBytes()).isLessThan(4 * OUTBOUND_BYTES);
            int received = 0;
            int ones = 0;
            while (ones < 20) {
                Publish publish = slow.expect(Publish.class);
                if (publish.qos() == 0) {
                    assertThat(ones).isZero();
                    received++;
                } else {
                    assertThat(publish.text()).isEqualTo("one" + ones++);
                    slow.pubAck(publish.packetId());
                }
            }
            assertThat(received).isEqualTo((int) (zeros - dropped));
            Steps.ping(slow);
            Steps.publish(publisher, topic, "well again", 0);
            slow.expectPublish(topic, "well again");
        }
    }

    /** What is queued is bounded by number; what was taken is kept in its order. */
    @Test
    void fullQueue() {
        try (MqttRawClient away = narrow("away", false)) {
            Steps.subscribe(away, "queue", 1);
            Steps.leave(away);
        }
        try (MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
            for (int i = 0; i < QUEUED; i++) {
                Steps.publish(publisher, "queue", "m" + i);
            }
            Steps.publish(publisher, "queue", "too many");
        }
        assertThat(broker.counters().droppedQueueFull.sum())
                .as("nobody looks while it sleeps")
                .isZero();
        try (MqttRawClient back = narrow("away", false)) {
            for (int i = 0; i < QUEUED; i++) {
                Steps.receive(back, "queue", "m" + i, 1);
            }
            Steps.ping(back);
            assertThat(broker.counters().droppedQueueFull.sum()).isEqualTo(1);
        }
    }

    /** What is queued is bounded by bytes, too. */
    @Test
    void fullQueueInBytes() {
        try (MqttRawClient away = narrow("away", false)) {
            Steps.subscribe(away, "queue", 1);
            Steps.leave(away);
        }
        String large = "x".repeat(1_000_000);
        try (MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
            for (int i = 0; i < 5; i++) {
                Steps.publish(publisher, "queue", i + large);
            }
        }
        try (MqttRawClient back = narrow("away", false);
                MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
            for (int i = 0; i < 4; i++) {
                Steps.receive(back, "queue", i + large, 1);
            }
            Steps.ping(back);
            Steps.publish(publisher, "queue", "small");
            Steps.receive(back, "queue", "small", 1);
        }
        assertThat(broker.counters().droppedQueueFull.sum()).isEqualTo(1);
    }

    /** Who does not read cannot keep a connection by that: takeover and DISCONNECT close it all the same. */
    @Test
    void whoDoesNotReadIsClosed() {
        try (MqttRawClient stuck = narrow("stuck", true);
                MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
            Steps.subscribe(stuck, "stuck/topic", 0);
            fill(publisher, "stuck/topic", LARGE);
            assertThat(broker.server().connections().size()).isEqualTo(2);
            try (MqttRawClient next = narrow("stuck", true)) {
                Steps.ping(next);
                Steps.await(
                        "the close of what is stuck",
                        () -> broker.server().connections().size() == 2);
                assertThat(broker.budget().usedBytes()).isZero();
            }
        }
    }

    /** Requests of a client that reads no answers are not read for ever. */
    @Test
    void answersAreBounded() {
        try (MqttRawClient rude = client(MqttVersion.V5);
                MqttRawClient other = client(MqttVersion.V5)) {
            byte[] pings = new byte[256 << 10];
            for (int i = 0; i < pings.length; i += 2) {
                pings[i] = (byte) 0xC0;
            }
            int count = 100;
            AtomicInteger written = new AtomicInteger();
            Thread sending = new Thread(() -> {
                while (written.get() < count) {
                    rude.raw().send(pings);
                    written.incrementAndGet();
                }
            });
            sending.start();
            long last = -1;
            for (int quiet = 0; quiet < 200; quiet++) {
                Steps.ping(other);
                long now = broker.budget().usedBytes() + written.get();
                quiet = now == last && now > 1 << 20 ? quiet : 0;
                last = now;
            }
            assertThat(written).hasValueLessThan(count);
            assertThat(broker.budget().usedBytes()).isLessThan(2 << 20);
            // Answered in full when it reads after all.
            for (int i = 0; i < count * pings.length / 2; i += 32 << 10) {
                rude.raw().read(64 << 10);
            }
            Steps.await("the last ping", () -> !sending.isAlive());
            Steps.ping(rude);
        }
    }

    /** Under pressure publishers are not read and everybody else is; when memory is back they go on where they were. */
    @Test
    void readsPauseUnderPressure() {
        try (MqttRawClient publisher = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
                MqttRawClient subscriber = client(MqttVersion.V5)) {
            publisher
                    .connect(new Connect(MqttVersion.V5, "p", true, 1, null, null, null, MqttProperties.NONE))
                    .expectAccepted();
            Steps.subscribe(subscriber, "calm", 1);
            long taken = broker.budget().limitBytes() * 9 / 10;
            broker.budget().reserve(taken);
            publisher.publish("calm", "read before", 1, 1).expectPubAck(1);
            publisher.publish("calm", "read later", 1, 2);
            Steps.receive(subscriber, "calm", "read before", 1);
            Steps.ping(subscriber);
            assertThat(broker.counters().readsPaused.sum()).isEqualTo(1);
            // Longer than its keep alive: who is not read cannot be late.
            publisher.expectSilence(Duration.ofMillis(1_700));
            broker.budget().release(taken);
            publisher.expectPubAck(2);
            Steps.ping(publisher);
            Steps.receive(subscriber, "calm", "read later", 1);
            assertThat(broker.counters().keepAliveTimeouts.sum()).isZero();
        }
    }

    /** Nothing left at all: told to MQTT 5, a lost connection before; and the next try is a new one (4.3.3-9). */
    @ParameterizedTest
    @EnumSource
    void overloadIsAnswered(MqttVersion version) {
        long taken = broker.budget().limitBytes();
        String id = "overloaded";
        try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), version)) {
            Steps.resume(client, version, id);
            broker.budget().reserve(taken);
            client.publish("over/load", "x", 2, 5);
            if (version == MqttVersion.V5) {
                client.expectAcknowledgement(PacketType.PUBREC, 5, ReasonCode.QUOTA_EXCEEDED);
            } else {
                client.expectClose();
            }
            broker.budget().release(taken);
            assertThat(broker.records("mqtt")).isEmpty();
        }
        try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), version)) {
            Steps.resume(client, version, id);
            client.publish("over/load", "x", packet -> packet.flags(2, true, false, 5));
            client.expectAcknowledgement(PacketType.PUBREC, 5, 0);
            client.pubRel(5).expectAcknowledgement(PacketType.PUBCOMP, 5, 0);
        }
        assertThat(broker.records("mqtt")).hasSize(1);
    }

    /** Section 3.14: a server that stops says so to MQTT 5 and closes the others; sleeping sessions are no hindrance. */
    @Test
    void drain() {
        try (MqttRawClient five = client(MqttVersion.V5);
                MqttRawClient four = client(MqttVersion.V3_1_1);
                MqttRawClient three = client(MqttVersion.V3_1);
                MqttRawClient busy = client(MqttVersion.V5)) {
            Steps.subscribe(busy, "last", 0);
            Steps.publish(four, "last", "words", 0);
            Steps.ping(four);
            busy.expectPublish("last", "words");
            broker.drain();
            five.expectDisconnect(ReasonCode.SERVER_SHUTTING_DOWN);
            four.expectDisconnect(ReasonCode.SERVER_SHUTTING_DOWN);
            three.expectDisconnect(ReasonCode.SERVER_SHUTTING_DOWN);
            busy.expectDisconnect(ReasonCode.SERVER_SHUTTING_DOWN);
        }
        Steps.await("all to be gone", () -> broker.server().connections().size() == 0);
    }

    /** The window for messages is ours when the client's is larger; the number in flight never passes it. */
    @Test
    void largestWindowIsOurs() {
        try (InProcessBroker small = InProcessBroker.options()
                        .limits(new MqttLimits(1 << 20, 10, 1, 3, 100, 1 << 20, 1 << 20, MqttLimits.NEVER, 0, 10_000))
                        .start();
                MqttRawClient subscriber = MqttRawClient.open(small.tcpPort(), MqttVersion.V5);
                MqttRawClient publisher = MqttRawClient.connected(small.tcpPort(), MqttVersion.V5, "p")) {
            subscriber
                    .connect("s", true, null, Steps.number(PropertyId.RECEIVE_MAXIMUM, 1000))
                    .expectAccepted();
            Steps.subscribe(subscriber, "w", 1);
            for (int i = 0; i < 5; i++) {
                Steps.publish(publisher, "w", "m" + i);
            }
            int first = subscriber.expectPublish("w", "m0").packetId();
            subscriber.expectPublish("w", "m1");
            subscriber.expectPublish("w", "m2");
            Steps.ping(subscriber);
            subscriber.pubAck(first);
            subscriber.expectPublish("w", "m3");
            Steps.ping(subscriber);
        }
    }
}
