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
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.session.MqttFeatures;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.testkit.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topic aliases from the server to the client. */
class AliasConformanceTest {
    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().loops(2).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** A client that keeps the aliases it is sent, as the specification says. */
    private static final class Subscriber implements AutoCloseable {
        private final MqttRawClient client;
        private final int max;
        private final Map<Integer, String> aliases = new HashMap<>();
        private int shortened;

        Subscriber(InProcessBroker server, int max, MqttProperties... more) {
            this.max = max;
            this.client = MqttRawClient.open(server.tcpPort(), MqttVersion.V5);
            MqttProperties wishes = more.length > 0
                    ? more[0]
                    : max == 0 ? MqttProperties.NONE : Steps.number(PropertyId.TOPIC_ALIAS_MAXIMUM, max);
            client.connect(Steps.unique("c"), true, null, wishes).expectAccepted();
        }

        /** The topic of the next message, which has this payload. */
        String next(String payload) {
            Publish publish = client.expect(Publish.class);
            assertThat(publish.text()).isEqualTo(payload);
            return topic(publish);
        }

        /** The next message's payload is its topic; topics have no order among each other. */
        void nextNamesItself() {
            Publish publish = client.expect(Publish.class);
            assertThat(topic(publish)).isEqualTo(publish.text());
        }

        private String topic(Publish publish) {
            if (publish.qos() == 1) {
                client.pubAck(publish.packetId());
            }
            int alias = publish.topicAlias();
            if (alias < 0) {
                assertThat(publish.topic()).isNotEmpty();
                return publish.topic();
            }
            assertThat(alias).isBetween(1, max);
            if (publish.topic().isEmpty()) {
                shortened++;
                return aliases.getOrDefault(alias, "an alias that was not set");
            }
            aliases.put(alias, publish.topic());
            return publish.topic();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static MqttRawClient publisher() {
        return MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("p"));
    }

    @Statement({"MQTT-3.1.2-26", "MQTT-3.3.2-8", "MQTT-3.3.2-11", "rule:alias-mapping"})
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 32, 65_535})
    void neverAboveWhatTheClientSaid(int max) {
        String root = Steps.unique("alias/");
        Random random = new Random(7);
        try (Subscriber subscriber = new Subscriber(broker, max);
                MqttRawClient publisher = publisher()) {
            Steps.subscribe(subscriber.client, root + "/#", 1);
            for (int i = 0; i < 300; i++) {
                // A few topics come often, many seldom.
                String topic = root + "/" + (int) (Math.abs(random.nextGaussian()) * 10);
                Steps.publish(publisher, topic, "m" + i, i % 2);
                assertThat(subscriber.next("m" + i)).isEqualTo(topic);
            }
            assertThat(subscriber.shortened).isGreaterThan(max >= 32 ? 75 : 0);
            assertThat(subscriber.aliases.size()).isLessThanOrEqualTo(Math.min(max, 32));
        }
    }

    @Statement({"MQTT-3.1.2-27", "MQTT-3.3.2-11"})
    @Test
    void noneForWhoDoesNotAskOrIsTooOld() {
        String topic = Steps.unique("alias/");
        try (Subscriber absent = new Subscriber(broker, 0);
                Subscriber zero = new Subscriber(broker, 0, Steps.number(PropertyId.TOPIC_ALIAS_MAXIMUM, 0));
                MqttRawClient old = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, Steps.unique("c"));
                MqttRawClient publisher = publisher()) {
            for (MqttRawClient each : List.of(absent.client, zero.client, old)) {
                Steps.subscribe(each, topic, 0);
            }
            for (int i = 0; i < 5; i++) {
                Steps.publish(publisher, topic, "m" + i);
                for (MqttRawClient each : List.of(absent.client, zero.client, old)) {
                    assertThat(each.expectPublish(topic, "m" + i).topicAlias()).isEqualTo(-1);
                }
            }
        }
    }

    @Statement("MQTT-3.3.2-7")
    @Test
    void aNewConnectionBeginsWithoutAliases() {
        String topic = Steps.unique("alias/");
        String id = Steps.unique("s");
        MqttProperties wishes = MqttProperties.builder()
                .number(PropertyId.TOPIC_ALIAS_MAXIMUM, 10)
                .number(PropertyId.SESSION_EXPIRY_INTERVAL, 60)
                .build();
        try (MqttRawClient publisher = publisher()) {
            for (int round = 0; round < 3; round++) {
                try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                    client.connect(id, false, null, wishes).expectAccepted();
                    Steps.subscribe(client, topic, 1);
                    Steps.publish(publisher, topic, "first");
                    int alias = Steps.receive(client, topic, "first", 1).topicAlias();
                    assertThat(alias).isBetween(1, 10);
                    Steps.publish(publisher, topic, "second");
                    assertThat(Steps.receive(client, "", "second", 1).topicAlias())
                            .isEqualTo(alias);
                    Steps.leave(client);
                }
                Steps.publish(publisher, topic, "meanwhile");
                try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                    client.connect(id, false, null, wishes).expectAccepted();
                    Steps.receive(client, topic, "meanwhile", 1);
                    Steps.leave(client);
                }
            }
        }
    }

    /** Clients with different wishes share a fan-out, whose packets are encoded once where they are alike. */
    @Test
    void aFanOutServesEachByItsOwnWishes() {
        String root = Steps.unique("alias/");
        List<Subscriber> subscribers = new ArrayList<>();
        try (MqttRawClient publisher = publisher()) {
            for (int i = 0; i < 12; i++) {
                Subscriber subscriber = new Subscriber(broker, new int[] {0, 4, 16, 16}[i % 4]);
                subscribers.add(subscriber);
                Steps.subscribe(subscriber.client, root + (i < 6 ? "/#" : "/a"), 0);
            }
            int[] expected = new int[2];
            for (int i = 0; i < 40; i++) {
                String topic = root + (i % 2 == 0 ? "/a" : "/" + i % 7);
                // Several messages in one turn, so that runs of more than one are shared as well.
                publisher.publish(topic, topic).publish(topic, topic);
                expected[0] += 2;
                expected[1] += i % 2 == 0 ? 2 : 0;
            }
            Steps.ping(publisher);
            for (Subscriber subscriber : subscribers) {
                int count = expected[subscribers.indexOf(subscriber) < 6 ? 0 : 1];
                for (int i = 0; i < count; i++) {
                    subscriber.nextNamesItself();
                }
                Steps.ping(subscriber.client);
            }
        } finally {
            subscribers.forEach(Subscriber::close);
        }
    }

    /** The three bytes of an alias are not what makes a message too large; a message without its topic may fit. */
    @Statement("MQTT-3.1.2-24")
    @Test
    void aliasesAndTheMaximumPacketSize() {
        String topic = Steps.unique("alias/");
        int overhead = 2 + 2 + topic.length() + 1;
        MqttProperties wishes = MqttProperties.builder()
                .number(PropertyId.TOPIC_ALIAS_MAXIMUM, 1)
                .number(PropertyId.MAXIMUM_PACKET_SIZE, 100)
                .build();
        try (Subscriber subscriber = new Subscriber(broker, 1, wishes);
                MqttRawClient publisher = publisher()) {
            Steps.subscribe(subscriber.client, topic, 0);
            String full = "x".repeat(100 - overhead);
            for (int i = 0; i < 3; i++) {
                Steps.publish(publisher, topic, full);
                assertThat(subscriber.next(full)).isEqualTo(topic);
            }
            assertThat(subscriber.aliases).isEmpty();
            Steps.publish(publisher, topic, full + "y");
            Steps.publish(publisher, topic, "sets it");
            assertThat(subscriber.next("sets it")).isEqualTo(topic);
            assertThat(subscriber.aliases).containsValue(topic);
            Steps.publish(publisher, topic, full + "y");
            assertThat(subscriber.next(full + "y")).isEqualTo(topic);
        }
    }

    /** Retained messages, and an alias that changes its topic. */
    @Statement("rule:alias-mapping")
    @Test
    void aliasesChangeTheirTopics() {
        String root = Steps.unique("alias/");
        try (Subscriber subscriber = new Subscriber(broker, 1);
                MqttRawClient publisher = publisher()) {
            Steps.retain(publisher, root + "/kept", "r");
            Steps.subscribe(subscriber.client, root + "/#", 1);
            assertThat(subscriber.next("r")).isEqualTo(root + "/kept");
            for (String topic :
                    new String[] {"/one", "/one", "/one", "/two", "/kept", "/two", "/two", "/a", "/b", "/a"}) {
                Steps.publish(publisher, root + topic, topic);
                assertThat(subscriber.next(topic)).isEqualTo(root + topic);
            }
            assertThat(subscriber.shortened).isPositive();
        }
    }

    @Statement({"MQTT-3.2.2-18", "MQTT-3.1.2-27"})
    @Test
    void aServerThatWantsNone() {
        MqttFeatures none = new MqttFeatures(2, true, true, 0, false, null);
        MqttLimits limits = new MqttLimits(1 << 20, 10, 0, 10, 100, 1 << 20, 1 << 20, MqttLimits.NEVER, 0, 10_000);
        try (InProcessBroker own =
                        InProcessBroker.options().features(none).limits(limits).start();
                Subscriber subscriber = new Subscriber(own, 0, Steps.number(PropertyId.TOPIC_ALIAS_MAXIMUM, 10));
                MqttRawClient publisher = MqttRawClient.connected(own.tcpPort(), MqttVersion.V5, "p")) {
            Steps.subscribe(subscriber.client, "topic", 0);
            for (int i = 0; i < 3; i++) {
                Steps.publish(publisher, "topic", "m" + i);
                assertThat(subscriber.client.expectPublish("topic", "m" + i).topicAlias())
                        .isEqualTo(-1);
            }
            publisher.publish("topic", "x", packet -> packet.topicAlias(1));
            publisher.expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
        }
    }
}
