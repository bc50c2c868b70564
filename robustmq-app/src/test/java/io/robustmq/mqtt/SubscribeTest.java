/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.testkit.Statement;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE, UNSUBSCRIBE and what they make of deliveries; numbers are statements of MQTT 5.0. */
class SubscribeTest {
    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private static String deep(int levels) {
        return "a/".repeat(levels - 1) + "a";
    }

    /** 3.8.4-1, -2, -5, -6, -7, 3.9.3-1, -2: one code per filter in their order; 3.x knows one failure only. */
    @Statement({
        "MQTT-2.2.1-6",
        "MQTT-3.8.4-1",
        "MQTT-3.8.4-2",
        "MQTT-3.8.4-5",
        "MQTT-3.8.4-6",
        "MQTT-3.8.4-7",
        "MQTT-3.9.3-1",
        "MQTT-3.9.3-2",
        "v3:MQTT-2.3.1-7",
        "v3:MQTT-3.8.4-1",
        "v3:MQTT-3.8.4-2",
        "v3:MQTT-3.8.4-4",
        "v3:MQTT-3.8.4-5",
        "v3:MQTT-3.9.3-1",
        "v3:MQTT-3.9.3-2"
    })
    @ParameterizedTest
    @EnumSource
    void oneCodePerFilter(MqttVersion version) {
        boolean v5 = version == MqttVersion.V5;
        try (MqttRawClient client = client(version)) {
            client.subscribe(
                            4711,
                            MqttProperties.NONE,
                            new SubscriptionRequest("a/+", 2),
                            new SubscriptionRequest("$share/g/a", 1),
                            new SubscriptionRequest(deep(129), 1),
                            new SubscriptionRequest(deep(128), 0),
                            new SubscriptionRequest("/", 1))
                    .expectSubAck(4711, 2, 1, v5 ? ReasonCode.TOPIC_FILTER_INVALID : 0x80, 0, 1);
        }
    }

    /** 3.10.4-4, -5, -6, 3.11.3-1, -2, 3.10.4-1: equal means equal in every character. */
    @Statement({
        "MQTT-2.2.1-6",
        "MQTT-3.10.4-1",
        "MQTT-3.10.4-4",
        "MQTT-3.10.4-5",
        "MQTT-3.10.4-6",
        "MQTT-3.11.3-1",
        "MQTT-3.11.3-2",
        "v3:MQTT-2.3.1-7",
        "v3:MQTT-3.10.4-1",
        "v3:MQTT-3.10.4-4",
        "v3:MQTT-3.10.4-5",
        "v3:MQTT-3.10.4-6"
    })
    @ParameterizedTest
    @EnumSource
    void unsubscribeAnswersPerFilter(MqttVersion version) {
        String topic = Steps.unique("t/");
        try (MqttRawClient client = client(version)) {
            Steps.subscribe(client, topic, 1);
            Steps.subscribe(client, topic + "/#", 1);
            client.unsubscribe(5, topic, topic + "/+", topic.toUpperCase(Locale.ROOT), topic + "/#")
                    .expectUnsubAck(5, 0, 0x11, 0x11, 0);
            client.unsubscribe(6, topic).expectUnsubAck(6, 0x11);
            Steps.publish(client, topic, "x");
            Steps.ping(client);
        }
    }

    /** 3.8.3-2, 3.10.3-2, 3.8.3-5, 3.8.1-1, 3.10.1-1, 2.2.1-3, 4.7.1-1, 4.7.1-2, 4.8.2-1, 4.8.2-2, 3.8.3-4 */
    @Statement({
        "MQTT-2.2.1-3",
        "MQTT-3.8.1-1",
        "MQTT-3.8.3-1",
        "MQTT-3.8.3-2",
        "MQTT-3.8.3-4",
        "MQTT-3.8.3-5",
        "MQTT-3.10.1-1",
        "MQTT-3.10.3-2",
        "MQTT-4.7.1-1",
        "MQTT-4.7.1-2",
        "MQTT-4.7.3-1",
        "MQTT-4.7.3-2",
        "MQTT-4.8.2-1",
        "rule:subscription-options"
    })
    @ParameterizedTest
    @CsvSource({
        "0x82, 8203 0001 00",
        "0x82, a203 0001 00",
        "0x81, 8207 0001 00 0001 61 40",
        "0x81, 8007 0001 00 0001 61 00",
        "0x81, a006 0001 00 0001 61",
        "0x82, 8207 0000 00 0001 61 00",
        "0x82, 8207 0001 00 0001 61 03",
        "0x82, 8207 0001 00 0001 61 30",
        "0x82, 8209 0001 02 0b00 0001 61 00",
        "0x8F, 8208 0001 00 0002 6123 00",
        "0x8F, 8209 0001 00 0003 232f61 00",
        "0x8F, 8208 0001 00 0002 2b61 00",
        "0x8F, 8206 0001 00 0000 00",
        "0x8F, 820f 0001 00 0009 2473686172652f2f61 00",
        "0x82, 8210 0001 00 000a 2473686172652f672f61 04",
        "0x81, 8207 0001 00 0001 ff 00",
        "0x81, 8207 0001 00 0001 00 00"
    })
    void wrongSubscribes(String code, String bytes) {
        try (MqttRawClient client = client(MqttVersion.V5)) {
            client.raw().sendHex(bytes);
            client.expectDisconnect(Integer.decode(code));
        }
    }

    /** v3:3.8.3-3, v3:3.8.3-4, v3:4.8.0-1: the close alone. */
    @Statement({"v3:MQTT-3.8.1-1", "v3:MQTT-3.8.3-3", "v3:MQTT-3.8.3-4", "v3:MQTT-3.10.3-2", "v3:MQTT-4.8.0-1"})
    @ParameterizedTest
    @ValueSource(
            strings = {"8202 0001", "8206 0001 0001 61 03", "8206 0001 0001 61 04", "8007 0001 0001 61 00", "a202 0001"
            })
    void wrongSubscribesBefore5(String bytes) {
        try (MqttRawClient client = client(MqttVersion.V3_1_1)) {
            client.raw().sendHex(bytes);
            client.expectClose();
        }
    }

    /** 4.7.1-1, 4.7.1-2, 4.7.3-4, 3.3.2-3: which of the published topics a filter gets. */
    @Statement({"v3:MQTT-3.3.2-3", "v3:MQTT-3.8.3-2", "v3:MQTT-4.7.1-2", "v3:MQTT-4.7.1-3", "v3:MQTT-4.7.3-4"})
    @ParameterizedTest
    @CsvSource({
        "sport/#, sport sport/ sport/a sport/a/b, sports Sport a/sport",
        "sport/+, sport/ sport/a, sport sport/a/b",
        "+, sport, sport/a /sport",
        "+/+, /finance a/b, finance a/b/c",
        "/+, /finance, finance a/b",
        "+/b/#, a/b a/b/c /b, b a/c",
        "a//b, a//b, a/b a/x/b",
        "a b/ü, 'a b/ü', a/b/ü"
    })
    void wildcards(String filter, String matching, String others) {
        String mark = Steps.unique("w") + "|";
        try (MqttRawClient client = client(MqttVersion.V3_1_1)) {
            // The prefix would change what is matched, so that the filter's own levels are kept and topics are marked
            // instead.
            client.subscribe(1, filter, 1).expectSubAck(1, 1);
            boolean spaced = filter.contains(" ");
            for (String topic : spaced ? new String[] {others} : others.split(" ")) {
                Steps.publish(client, topic, mark + topic);
            }
            for (String topic : spaced ? new String[] {matching} : matching.split(" ")) {
                client.publish(topic, mark + topic, 0, 0);
                client.expectPublish(topic, mark + topic);
            }
            Steps.ping(client);
        }
    }

    /** 4.7.2-1: topics of the server's own are hidden from wildcards at the beginning, and only from these. */
    @Statement({"MQTT-3.3.2-3", "MQTT-4.7.2-1", "v3:MQTT-4.7.2-1"})
    @ParameterizedTest
    @EnumSource
    void dollarTopicsAreHidden(MqttVersion version) {
        String topic = "$" + Steps.unique("own") + "/a";
        String first = topic.substring(0, topic.indexOf('/'));
        try (MqttRawClient all = client(version);
                MqttRawClient plus = client(version);
                MqttRawClient exact = client(version)) {
            Steps.subscribe(all, "#", 1);
            Steps.subscribe(all, "+/a", 1);
            Steps.subscribe(plus, "+/a", 1);
            Steps.subscribe(exact, first + "/#", 1);
            try (MqttRawClient publisher = client(version)) {
                Steps.publish(publisher, topic, "hidden");
                Steps.publish(publisher, "z/a", "seen");
            }
            Steps.receive(all, "z/a", "seen", 1);
            Steps.receive(plus, "z/a", "seen", 1);
            Steps.receive(exact, topic, "hidden", 1);
        }
    }

    /** 3.8.4-8: the smaller of the publisher's and the granted QoS, both ways of all three. */
    @Statement({"MQTT-3.8.4-8", "MQTT-4.3.1-1", "v3:MQTT-3.8.4-6", "v3:MQTT-4.3.1-1"})
    @ParameterizedTest
    @EnumSource
    void qosIsTheSmallerOne(MqttVersion version) {
        String topic = Steps.unique("q/");
        try (MqttRawClient publisher = client(version)) {
            for (int granted = 0; granted <= 2; granted++) {
                try (MqttRawClient subscriber = client(version)) {
                    Steps.subscribe(subscriber, topic, granted);
                    for (int published = 0; published <= 2; published++) {
                        Steps.publish(publisher, topic, "p" + published, published);
                        Publish got = Steps.receive(subscriber, topic, "p" + published, Math.min(granted, published));
                        assertThat(got.retain()).isFalse();
                    }
                    Steps.ping(subscriber);
                }
            }
        }
    }

    /** 3.3.4-2, -3, -4: overlapping filters make one copy, at the highest QoS, with all numbers. */
    @Statement({"MQTT-3.3.4-2", "MQTT-3.3.4-3", "MQTT-3.3.4-4", "MQTT-3.3.4-5"})
    @Test
    void overlappingSubscriptionsAreOne() {
        String topic = Steps.unique("o/");
        try (MqttRawClient subscriber = client(MqttVersion.V5);
                MqttRawClient publisher = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, 1, new SubscriptionRequest(topic + "/#", 0));
            Steps.subscribe(subscriber, 200, new SubscriptionRequest(topic + "/+", 2));
            Steps.subscribe(subscriber, 0, new SubscriptionRequest(topic + "/a", 1));
            Steps.subscribe(subscriber, 268_435_455, new SubscriptionRequest("+/" + topic.substring(2) + "/a", 1));
            Steps.publish(publisher, topic + "/a", "x", 2);
            assertThat(Steps.receive(subscriber, topic + "/a", "x", 2)
                            .properties()
                            .subscriptionIdentifiers())
                    .containsExactlyInAnyOrder(1, 200, 268_435_455);
            Steps.publish(publisher, topic + "/b", "y", 2);
            assertThat(Steps.receive(subscriber, topic + "/b", "y", 2)
                            .properties()
                            .subscriptionIdentifiers())
                    .containsExactlyInAnyOrder(1, 200);
            Steps.ping(subscriber);
        }
    }

    /** As above for 3.1.1 (v3:3.3.5-1). */
    @Statement("v3:MQTT-3.3.5-1")
    @Test
    void overlappingSubscriptionsAreOneBefore5() {
        String topic = Steps.unique("o/");
        try (MqttRawClient subscriber = client(MqttVersion.V3_1_1);
                MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
            Steps.subscribe(subscriber, topic, 0);
            Steps.subscribe(subscriber, "+/" + topic.substring(2), 1);
            Steps.publish(publisher, topic, "x", 2);
            Steps.receive(subscriber, topic, "x", 1);
            Steps.ping(subscriber);
        }
    }

    /** 3.8.4-3: an equal filter replaces options and number, even their absence. */
    @Statement({"MQTT-3.8.4-3", "rule:subscription-id-replaced"})
    @Test
    void equalFilterReplaces() {
        String topic = Steps.unique("r/");
        try (MqttRawClient subscriber = client(MqttVersion.V5);
                MqttRawClient publisher = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, 7, new SubscriptionRequest(topic, 2));
            Steps.publish(publisher, topic, "1");
            assertThat(Steps.receive(subscriber, topic, "1", 1).properties().subscriptionIdentifiers())
                    .containsExactly(7);
            Steps.subscribe(subscriber, 0, new SubscriptionRequest(topic, 0));
            Steps.publish(publisher, topic, "2");
            assertThat(Steps.receive(subscriber, topic, "2", 0).properties().subscriptionIdentifiers())
                    .isEmpty();
            Steps.ping(subscriber);
        }
    }

    /** 3.8.4-3: while a filter is replaced over and over, no message is lost and none comes twice. */
    @Statement("MQTT-3.8.4-4")
    @Test
    void replacingLosesNothing() {
        String topic = Steps.unique("r/");
        int count = 300;
        try (MqttRawClient subscriber = client(MqttVersion.V5);
                MqttRawClient publisher = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, topic, 1);
            for (int i = 0; i < count; i++) {
                publisher.publish(topic, "m" + i, 1, i + 1);
                subscriber.subscribe(
                        i + 1,
                        Steps.number(PropertyId.SUBSCRIPTION_IDENTIFIER, i + 1),
                        new SubscriptionRequest(topic, 1));
            }
            int next = 0;
            int acks = 0;
            while (next < count || acks < count) {
                Object packet = subscriber.expect(Object.class);
                if (packet instanceof Publish publish) {
                    assertThat(publish.text()).isEqualTo("m" + next++);
                    subscriber.pubAck(publish.packetId());
                } else {
                    acks++;
                }
            }
            Steps.ping(subscriber);
        }
    }

    /** 3.8.3-3, for a subscriber's own publishes only; another matching filter without the flag still counts. */
    @Statement("MQTT-3.8.3-3")
    @Test
    void noLocal() {
        String topic = Steps.unique("n/");
        try (MqttRawClient one = client(MqttVersion.V5);
                MqttRawClient other = client(MqttVersion.V5)) {
            Steps.subscribe(one, 1, new SubscriptionRequest(topic, 1, true, false, 0));
            Steps.publish(one, topic, "own");
            Steps.publish(other, topic, "foreign");
            Steps.receive(one, topic, "foreign", 1);
            Steps.subscribe(one, 2, new SubscriptionRequest("+/" + topic.substring(2), 0));
            one.publish(topic, "own", 0, 0);
            Publish own = Steps.receive(one, topic, "own", 0);
            assertThat(own.properties().subscriptionIdentifiers()).containsExactly(2);
            Steps.ping(one);
        }
    }

    /** 3.10.4-2: after UNSUBACK nothing new begins. */
    @Statement({"MQTT-3.10.4-2", "MQTT-3.10.4-3", "v3:MQTT-3.10.4-2", "v3:MQTT-3.10.4-3"})
    @ParameterizedTest
    @EnumSource
    void unsubscribeEndsDelivery(MqttVersion version) {
        String topic = Steps.unique("u/");
        try (MqttRawClient subscriber = client(version);
                MqttRawClient publisher = client(version)) {
            Steps.subscribe(subscriber, topic, 2);
            Steps.publish(publisher, topic, "1", 2);
            Publish begun = subscriber.expectPublish(topic, "1");
            subscriber.unsubscribe(2, topic).expectUnsubAck(2, 0);
            Steps.publish(publisher, topic, "2", 2);
            // 3.10.4-3: what was begun is finished.
            subscriber.pubRec(begun.packetId());
            subscriber.expectAcknowledgement(PacketType.PUBREL, begun.packetId(), 0);
            subscriber.pubComp(begun.packetId());
            Steps.ping(subscriber);
        }
    }
}
