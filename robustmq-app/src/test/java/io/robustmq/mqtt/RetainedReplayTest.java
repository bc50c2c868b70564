/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.Capture;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More retained messages for one subscription than its client, its window or its buffer can take. */
class RetainedReplayTest {
    private static final int MANY = 50_000;
    private static final int WINDOW = 10;
    private static final int PUBLISHED_TOGETHER = 500;

    /** With all of them, on one loop. */
    private static InProcessBroker many;

    @BeforeAll
    static void start() {
        many = InProcessBroker.options().loops(1).start();
        retain(many, MANY, 1);
    }

    @AfterAll
    static void stop() {
        many.close();
    }

    private static void retain(InProcessBroker broker, int count, int qos) {
        try (MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, "retainer")) {
            for (int from = 0; from < count; from += PUBLISHED_TOGETHER) {
                int to = Math.min(count, from + PUBLISHED_TOGETHER);
                int first = from;
                for (int i = first; i < to; i++) {
                    int packetId = i - first + 1;
                    publisher.publish(
                            "r/" + i % 100 + "/" + i, "v", packet -> packet.flags(qos, false, true, packetId));
                }
                for (int i = first; i < to; i++) {
                    publisher.expectPubAck(i - first + 1);
                }
            }
        }
        Steps.await("they are retained", () -> broker.broker().retained().count() == count);
    }

    private static MqttRawClient subscriber(InProcessBroker broker, String id, boolean present) {
        MqttProperties properties = MqttProperties.builder()
                .number(PropertyId.SESSION_EXPIRY_INTERVAL, 600)
                .number(PropertyId.RECEIVE_MAXIMUM, WINDOW)
                .build();
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        client.connect(id, false, null, properties);
        assertThat(client.expectAccepted().sessionPresent()).isEqualTo(present);
        return client;
    }

    /** All of them, ten at a time; on the same loop others are served in between. */
    @Test
    void aSlowSubscriberGetsAllAndNobodyWaitsForThat() {
        try (MqttRawClient slow = subscriber(many, "slow", false);
                MqttRawClient live = MqttRawClient.connected(many.tcpPort(), MqttVersion.V5, "live");
                MqttRawClient publisher = MqttRawClient.connected(many.tcpPort(), MqttVersion.V5, "p")) {
            Steps.subscribe(live, "live", 1);
            Steps.subscribe(slow, "#", 1);
            Set<String> topics = new HashSet<>();
            int ofOthers = 0;
            while (topics.size() < MANY) {
                Publish got = slow.expect(Publish.class);
                if (!got.retain()) {
                    assertThat(got.topic()).isEqualTo("live");
                    ofOthers++;
                    continue;
                }
                assertThat(topics.add(got.topic())).as(got.topic()).isTrue();
                slow.pubAck(got.packetId());
                if (topics.size() % 5_000 == 1) {
                    Steps.publish(publisher, "live", "m", 0);
                    Steps.receive(live, "live", "m", 0);
                    assertThat(many.queued().messages()).isLessThanOrEqualTo(WINDOW);
                }
            }
            assertThat(ofOthers).as("what is published meanwhile does not wait").isEqualTo(10);
        }
        assertThat(many.counters().droppedQueueFull.sum()).isZero();
        assertThat(many.counters().droppedSlow.sum()).isZero();
    }

    /** QoS 0 to a client that does not read: the rest waits for room in the buffer, nothing is dropped. */
    @Test
    void aSubscriberThatDoesNotReadLosesNothing() {
        try (MqttRawClient slow = MqttRawClient.connected(many.tcpPort(), MqttVersion.V5, "still");
                MqttRawClient live = MqttRawClient.connected(many.tcpPort(), MqttVersion.V5, "pings")) {
            slow.subscribe(1, "r/#", 0);
            for (int i = 0; i < 100; i++) {
                Steps.ping(live);
            }
            slow.expectSubAck(1, 0);
            Set<String> topics = new HashSet<>();
            for (int i = 0; i < MANY; i++) {
                topics.add(slow.expect(Publish.class).topic());
            }
            assertThat(topics).hasSize(MANY);
            Steps.ping(slow);
        }
        assertThat(many.counters().droppedSlow.sum()).isZero();
    }

    /** A connection that goes in the middle leaves the rest to the next one of its session; on whatever loop that is. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextConnectionGoesOn(boolean takenOver) {
        int count = 2_000;
        try (InProcessBroker broker = InProcessBroker.options().loops(3).start()) {
            retain(broker, count, 1);
            Set<String> topics = new HashSet<>();
            MqttRawClient client = subscriber(broker, "s", false);
            client.subscribe(
                            1,
                            MqttProperties.NONE,
                            new SubscriptionRequest("r/#", 1),
                            new SubscriptionRequest("r/1/#", 0))
                    .expectSubAck(1, 1, 0);
            while (topics.size() < count) {
                for (int i = 0; i < 300 && topics.size() < count; i++) {
                    Publish got = client.expect(Publish.class);
                    assertThat(topics.add(got.topic()) || got.dup() || got.qos() == 0)
                            .as(got.topic())
                            .isTrue();
                    if (got.qos() > 0) {
                        client.pubAck(got.packetId());
                    }
                }
                if (!takenOver) {
                    client.raw().reset();
                }
                MqttRawClient next = subscriber(broker, "s", true);
                client.close();
                client = next;
            }
            client.close();
        }
    }

    /** 3.10.4-2: nothing new after UNSUBACK, also of what the connection before has left. */
    @Test
    void whoUnsubscribesGetsNoMore() {
        try (InProcessBroker broker = InProcessBroker.options().loops(2).start()) {
            retain(broker, 500, 1);
            try (MqttRawClient client = subscriber(broker, "s", false)) {
                Steps.subscribe(client, "r/#", 1);
                client.raw().reset();
            }
            try (MqttRawClient client = subscriber(broker, "s", true)) {
                client.unsubscribe(9, "r/#");
                int before = 0;
                Object packet = client.expect(Object.class);
                while (packet instanceof Publish got) {
                    before++;
                    packet = client.expect(Object.class);
                }
                assertThat(before).isLessThanOrEqualTo(WINDOW);
                Steps.ping(client);
            }
        }
    }

    /** What is in no log waits for its session in memory: that counts, and is bounded. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsInNoLogWaitsUpToTheLimits(boolean fits) {
        String payload = "x".repeat(1000);
        try (InProcessBroker broker = InProcessBroker.options()
                .loops(2)
                .capture(Capture.BOUND)
                .queuedBytes(fits ? 1 << 20 : 5_500)
                .start()) {
            try (MqttRawClient client = subscriber(broker, "s", false);
                    MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "p")) {
                Steps.subscribe(client, "x", 1);
                for (int i = 0; i < WINDOW; i++) {
                    Steps.publish(publisher, "x", payload, 1);
                    client.expectPublish("x", payload);
                }
                assertThat(broker.queued().messages()).isZero();
                client.raw().reset();
            }
            int kept = fits ? WINDOW : 5;
            Steps.await("it waits", () -> broker.queued().messages() == kept);
            assertThat(broker.queued().usedBytes()).isBetween(kept * 1000L, kept * 1100L);
            assertThat(broker.counters().droppedQueueFull.sum()).isEqualTo(WINDOW - kept);
            try (MqttRawClient client = subscriber(broker, "s", true)) {
                for (int i = 0; i < kept; i++) {
                    Publish got = client.expectPublish("x", payload);
                    assertThat(got.dup()).isTrue();
                    client.pubAck(got.packetId());
                }
                Steps.ping(client);
                assertThat(broker.queued().messages()).isZero();
                assertThat(broker.queued().usedBytes()).isZero();
            }
        }
    }
}
