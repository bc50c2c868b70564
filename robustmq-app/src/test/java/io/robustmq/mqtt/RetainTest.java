/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.testkit.Statement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Retained messages; numbers are statements of MQTT 5.0. */
class RetainTest {
    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().loops(3).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    /** 3.3.1-5, v3:3.3.1-8: the last one is kept and comes with RETAIN 1 to new subscribers, at the smaller QoS. */
    @Statement({"MQTT-3.3.1-5", "v3:MQTT-3.3.1-5", "v3:MQTT-3.3.1-6", "v3:MQTT-3.3.1-7", "v3:MQTT-3.3.1-8"})
    @ParameterizedTest
    @EnumSource
    void lastOneIsKept(MqttVersion version) {
        String topic = Steps.unique("r/");
        try (MqttRawClient publisher = client(version);
                MqttRawClient live = client(version)) {
            Steps.subscribe(live, topic, 0);
            for (int qos = 0; qos <= 2; qos++) {
                int packetId = qos == 0 ? 0 : 3;
                int sent = qos;
                publisher.publish(topic, "q" + qos, packet -> packet.flags(sent, false, true, packetId));
                if (qos == 1) {
                    publisher.expectPubAck(3);
                } else if (qos == 2) {
                    publisher.expectAcknowledgement(PacketType.PUBREC, 3, 0);
                    publisher.pubRel(3);
                    publisher.expectAcknowledgement(PacketType.PUBCOMP, 3, 0);
                } else {
                    Steps.ping(publisher);
                }
                live.expectPublish(topic, "q" + qos);
                for (int granted = 0; granted <= 2; granted++) {
                    try (MqttRawClient subscriber = client(version)) {
                        Steps.subscribe(subscriber, topic, granted);
                        Publish got = Steps.receive(subscriber, topic, "q" + qos, Math.min(qos, granted));
                        assertThat(got.retain()).isTrue();
                        Steps.ping(subscriber);
                    }
                }
            }
        }
    }

    /** A QoS 0 publish reaches who subscribes just after it, live or retained, on whatever loop its shard lives. */
    @Test
    void noGapBetweenLiveAndRetained() {
        for (int i = 0; i < 60; i++) {
            String topic = Steps.unique("now/");
            try (MqttRawClient publisher = client(MqttVersion.V3_1_1);
                    MqttRawClient subscriber = client(MqttVersion.V3_1_1)) {
                publisher.publish(topic, "x", packet -> packet.flags(0, false, true, 0));
                Steps.ping(publisher);
                Steps.subscribe(subscriber, topic, 0);
                subscriber.expectPublish(topic, "x");
            }
        }
    }

    /** 3.3.1-6, 3.3.1-7: an empty payload is delivered and removes; 3.3.1-8: without RETAIN nothing changes. */
    @Statement({
        "MQTT-3.3.1-6",
        "MQTT-3.3.1-7",
        "MQTT-3.3.1-8",
        "MQTT-3.3.1-12",
        "v3:MQTT-3.3.1-9",
        "v3:MQTT-3.3.1-10",
        "v3:MQTT-3.3.1-11",
        "v3:MQTT-3.3.1-12"
    })
    @ParameterizedTest
    @EnumSource
    void emptyPayloadRemoves(MqttVersion version) {
        String topic = Steps.unique("r/");
        try (MqttRawClient publisher = client(version);
                MqttRawClient live = client(version)) {
            Steps.subscribe(live, topic, 1);
            Steps.retain(publisher, topic, "kept");
            Steps.publish(publisher, topic, "");
            Steps.publish(publisher, topic, "passing");
            Steps.receive(live, topic, "kept", 1);
            Steps.receive(live, topic, "", 1);
            Steps.receive(live, topic, "passing", 1);
            try (MqttRawClient subscriber = client(version)) {
                Steps.subscribe(subscriber, topic, 1);
                Steps.receive(subscriber, topic, "kept", 1);
            }
            long before = broker.broker().ports().retained().count();
            Steps.retain(publisher, topic, "");
            // 3.3.1-12, v3:3.3.1-9: to those who subscribed before, RETAIN is 0.
            assertThat(Steps.receive(live, topic, "", 1).retain()).isFalse();
            assertThat(broker.broker().ports().retained().count()).isEqualTo(before - 1);
            try (MqttRawClient subscriber = client(version)) {
                Steps.subscribe(subscriber, topic, 1);
                Steps.ping(subscriber);
            }
        }
    }

    /** 3.3.1-9, -10, -11, 3.8.4-4: 0 always, 1 for a new subscription, 2 never. */
    @Statement({"MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11", "MQTT-3.8.4-3"})
    @ParameterizedTest
    @CsvSource({"0, true, true", "1, true, false", "2, false, false"})
    void retainHandling(int handling, boolean first, boolean again) {
        String topic = Steps.unique("r/");
        try (MqttRawClient publisher = client(MqttVersion.V5);
                MqttRawClient subscriber = client(MqttVersion.V5)) {
            Steps.retain(publisher, topic, "x");
            Steps.subscribe(subscriber, 5, new SubscriptionRequest(topic, 1, false, false, handling));
            if (first) {
                Publish got = Steps.receive(subscriber, topic, "x", 1);
                assertThat(got.retain()).isTrue();
                assertThat(got.properties().subscriptionIdentifiers()).containsExactly(5);
            }
            Steps.ping(subscriber);
            Steps.subscribe(subscriber, 6, new SubscriptionRequest(topic, 1, false, false, handling));
            if (again) {
                assertThat(Steps.receive(subscriber, topic, "x", 1).properties().subscriptionIdentifiers())
                        .containsExactly(6);
            }
            Steps.ping(subscriber);
        }
    }

    /** v3:3.8.4-3: before MQTT 5 an equal subscription gets the retained messages again. */
    @Statement({"v3:MQTT-3.3.1-6", "v3:MQTT-3.8.4-3"})
    @Test
    void subscribingAgainSendsAgainBefore5() {
        String topic = Steps.unique("r/");
        try (MqttRawClient publisher = client(MqttVersion.V3_1_1);
                MqttRawClient subscriber = client(MqttVersion.V3_1_1)) {
            Steps.retain(publisher, topic, "x");
            for (int i = 0; i < 2; i++) {
                Steps.subscribe(subscriber, topic, 1);
                assertThat(Steps.receive(subscriber, topic, "x", 1).retain()).isTrue();
            }
        }
    }

    /** 3.3.1-12, 3.3.1-13; one of several filters with the option is enough. */
    @Statement({"MQTT-3.3.1-12", "MQTT-3.3.1-13"})
    @Test
    void retainAsPublished() {
        String topic = Steps.unique("r/");
        try (MqttRawClient publisher = client(MqttVersion.V5);
                MqttRawClient plain = client(MqttVersion.V5);
                MqttRawClient asPublished = client(MqttVersion.V5)) {
            for (int qos = 0; qos <= 1; qos++) {
                Steps.subscribe(plain, 0, new SubscriptionRequest(topic, qos, false, false, 2));
                Steps.subscribe(asPublished, 0, new SubscriptionRequest(topic, qos, false, true, 2));
                Steps.retain(publisher, topic, "1");
                Steps.publish(publisher, topic, "0");
                assertThat(Steps.receive(plain, topic, "1", qos).retain()).isFalse();
                assertThat(Steps.receive(plain, topic, "0", qos).retain()).isFalse();
                assertThat(Steps.receive(asPublished, topic, "1", qos).retain()).isTrue();
                assertThat(Steps.receive(asPublished, topic, "0", qos).retain()).isFalse();
            }
        }
    }

    /** 3.3.2-4, -15, -16, -17, -18, -20, 3.3.2-6: properties stay with the message, and time goes on counting down. */
    @Statement({
        "MQTT-3.3.2-4",
        "MQTT-3.3.2-6",
        "MQTT-3.3.2-15",
        "MQTT-3.3.2-16",
        "MQTT-3.3.2-17",
        "MQTT-3.3.2-18",
        "MQTT-3.3.2-20"
    })
    @Test
    void propertiesAreKept() {
        String topic = Steps.unique("r/");
        ByteBuf block = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(
                "0101" + "03000474657874" + "080003722f31" + "09000200ff" + "2600016b000161" + "2600016b000162"));
        try (MqttRawClient publisher = client(MqttVersion.V5);
                MqttRawClient live = client(MqttVersion.V5);
                MqttRawClient old = client(MqttVersion.V3_1_1)) {
            Steps.subscribe(live, topic, 1);
            Steps.subscribe(old, topic, 1);
            Steps.publish(
                    publisher,
                    topic,
                    "x",
                    true,
                    packet -> packet.properties(block, 0, block.readableBytes()).messageExpirySeconds(1000));
            expectProperties(Steps.receive(live, topic, "x", 1));
            Steps.receive(old, topic, "x", 1);
            try (MqttRawClient late = client(MqttVersion.V5)) {
                Steps.subscribe(late, topic, 1);
                expectProperties(Steps.receive(late, topic, "x", 1));
            }
        }
    }

    private static void expectProperties(Publish got) {
        assertThat(got.properties().payloadFormat()).isEqualTo(1);
        assertThat(got.properties().contentType()).isEqualTo("text");
        assertThat(got.properties().responseTopic()).isEqualTo("r/1");
        assertThat(got.properties().correlationData()).containsExactly(0, 0xff);
        assertThat(got.properties().messageExpirySeconds()).isBetween(900L, 1000L);
        StringBuilder users = new StringBuilder();
        got.properties().forEachUserProperty((name, value) -> users.append(name + value));
        // All of the publisher's, in its order, and none of ours (3.3.2-17, -18).
        assertThat(users).hasToString("kakb");
    }

    /** 3.3.2-5: what has expired is not sent, and the time that is left is what is sent. */
    @Statement({"MQTT-3.3.2-5", "rule:retained-expiry"})
    @Test
    void expiredIsNotSent() {
        String topic = Steps.unique("r/");
        try (MqttRawClient publisher = client(MqttVersion.V5)) {
            Steps.publish(publisher, topic + "/a", "short", true, packet -> packet.messageExpirySeconds(1));
            Steps.publish(publisher, topic + "/b", "long", true, packet -> packet.messageExpirySeconds(100));
            long published = System.nanoTime();
            Steps.await("a second to pass", () -> System.nanoTime() - published > 1_050_000_000L);
            try (MqttRawClient subscriber = client(MqttVersion.V5)) {
                Steps.subscribe(subscriber, topic + "/+", 1);
                Publish got = Steps.receive(subscriber, topic + "/b", "long", 1);
                assertThat(got.properties().messageExpirySeconds()).isBetween(1L, 99L);
                Steps.ping(subscriber);
            }
        }
    }

    /** Filters with wildcards get all that match, and topics of the server's own stay hidden from them (4.7.2-1). */
    @Test
    void wildcardsMatchRetained() {
        String root = Steps.unique("r");
        try (MqttRawClient publisher = client(MqttVersion.V5);
                MqttRawClient subscriber = client(MqttVersion.V5)) {
            for (String topic : new String[] {"", "/", "/a", "/a/b", "x"}) {
                Steps.retain(publisher, root + topic, "v");
            }
            Steps.retain(publisher, "$" + root + "/a", "v");
            assertThat(retained(subscriber, root + "/#", 4))
                    .containsExactlyInAnyOrder(root, root + "/", root + "/a", root + "/a/b");
            assertThat(retained(subscriber, root + "/+", 2)).containsExactlyInAnyOrder(root + "/", root + "/a");
            assertThat(retained(subscriber, "$" + root + "/#", 1)).containsExactly("$" + root + "/a");
            subscriber.subscribe(9, "+/a", 0).expectSubAck(9, 0);
            assertThat(subscriber.expect(Publish.class).topic()).isEqualTo(root + "/a");
            Steps.ping(subscriber);
        }
    }

    private static List<String> retained(MqttRawClient subscriber, String filter, int count) {
        subscriber.subscribe(8, filter, 0).expectSubAck(8, 0);
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            topics.add(subscriber.expect(Publish.class).topic());
        }
        Steps.ping(subscriber);
        subscriber.unsubscribe(9, filter).expectUnsubAck(9, 0);
        return topics;
    }

    /** Section 4.1: retained messages are no part of a session and outlive it. */
    @Statement({"v3:MQTT-3.1.2-7", "rule:retained-outlive"})
    @ParameterizedTest
    @EnumSource
    void outlivesItsPublisher(MqttVersion version) {
        String topic = Steps.unique("r/");
        try (MqttRawClient publisher = client(version)) {
            publisher.publish(
                    topic,
                    new String(new byte[] {1}, StandardCharsets.UTF_8),
                    packet -> packet.flags(0, false, true, 0));
            Steps.leave(publisher);
        }
        try (MqttRawClient subscriber = client(version)) {
            Steps.subscribe(subscriber, topic, 0);
            subscriber.expectPublish(topic, "\u0001");
        }
    }
}
