/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.codec.Will;
import io.robustmq.mqtt.session.MqttFeatures;
import io.robustmq.testkit.Statement;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator may switch off, and the optional parts that may be switched on. */
class FeaturesConformanceTest {
    private static InProcessBroker little;
    private static InProcessBroker strict;

    @BeforeAll
    static void start() {
        little = InProcessBroker.options()
                .features(new MqttFeatures(1, false, false, 0, false, null))
                .start();
        strict = InProcessBroker.options()
                .features(new MqttFeatures(2, true, true, 0, true, "answers/%c"))
                .start();
    }

    @AfterAll
    static void stop() {
        little.close();
        strict.close();
    }

    private static MqttRawClient client(InProcessBroker broker, MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private static MqttRawClient willing(InProcessBroker broker, MqttVersion version, Will will) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), version);
        return client.connect(Steps.connect(version, Steps.unique("c"), will, MqttProperties.NONE));
    }

    @Statement({"MQTT-3.2.2-9", "rule:feature-not-available"})
    @Test
    void connAckTellsWhatIsNotThere() {
        try (MqttRawClient client = MqttRawClient.open(little.tcpPort(), MqttVersion.V5)) {
            MqttProperties told =
                    client.connect(Steps.unique("c"), true).expectAccepted().properties();
            assertThat(told.number(PropertyId.MAXIMUM_QOS, -1)).isEqualTo(1);
            assertThat(told.number(PropertyId.RETAIN_AVAILABLE, -1)).isZero();
            assertThat(told.number(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, -1))
                    .isZero();
        }
    }

    @Statement({"MQTT-3.2.2-10", "MQTT-3.2.2-11"})
    @ParameterizedTest
    @EnumSource
    void theHighestQualityOfService(MqttVersion version) {
        String topic = Steps.unique("q/");
        try (MqttRawClient client = client(little, version)) {
            client.subscribe(1, topic, 2).expectSubAck(1, 1);
            Steps.publish(client, topic, "fits", 0);
            client.expectPublish(topic, "fits");
            client.publish(topic, "x", 2, 5).expectDisconnect(ReasonCode.QOS_NOT_SUPPORTED);
        }
        assertThat(little.records("mqtt"))
                .filteredOn(record -> record.subject().equals(topic))
                .hasSize(1);
    }

    @Statement({"MQTT-3.2.2-12", "MQTT-3.2.2-13"})
    @Test
    void willsThatCannotBeKept() {
        Will qos = Steps.will("w", "x", 2, false, MqttProperties.NONE);
        Will retained = Steps.will("w", "x", 1, true, MqttProperties.NONE);
        Will fits = Steps.will("w", "x", 1, false, MqttProperties.NONE);
        try (MqttRawClient five = willing(little, MqttVersion.V5, qos);
                MqttRawClient four = willing(little, MqttVersion.V3_1_1, qos);
                MqttRawClient keeps = willing(little, MqttVersion.V5, retained);
                MqttRawClient old = willing(little, MqttVersion.V3_1, retained);
                MqttRawClient good = willing(little, MqttVersion.V5, fits)) {
            five.expectRefused(ReasonCode.QOS_NOT_SUPPORTED);
            // No return code of 3.x says it (v3:3.2.2-6).
            four.expectClose();
            keeps.expectRefused(ReasonCode.RETAIN_NOT_SUPPORTED);
            old.expectClose();
            good.expectAccepted();
        }
    }

    @Statement("MQTT-3.2.2-14")
    @ParameterizedTest
    @EnumSource
    void nothingIsRetained(MqttVersion version) {
        try (MqttRawClient client = client(little, version)) {
            client.publish("kept", "x", packet -> packet.flags(0, false, true, 0));
            client.expectDisconnect(ReasonCode.RETAIN_NOT_SUPPORTED);
        }
        assertThat(little.broker().ports().retained().count()).isZero();
    }

    @Statement({"rule:feature-not-available", "v3:MQTT-3.8.3-2"})
    @ParameterizedTest
    @EnumSource
    void filtersWithoutWildcards(MqttVersion version) {
        int code = version == MqttVersion.V5 ? ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED : 0x80;
        try (MqttRawClient client = client(little, version)) {
            client.subscribe(
                            1,
                            MqttProperties.NONE,
                            new SubscriptionRequest("a/+", 0),
                            new SubscriptionRequest("#", 0),
                            new SubscriptionRequest("a/b", 0))
                    .expectSubAck(1, code, code, 0);
        }
    }

    @Statement("rule:payload-format")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void payloadsThatSayTheyAreText(boolean checked) {
        InProcessBroker broker = checked ? strict : little;
        int refused = checked ? ReasonCode.PAYLOAD_FORMAT_INVALID : 0;
        String topic = Steps.unique("text/");
        long before = broker.counters().payloadsRefused.sum();
        try (MqttRawClient client = client(broker, MqttVersion.V5);
                MqttRawClient subscriber = client(broker, MqttVersion.V5)) {
            Steps.subscribe(subscriber, topic, 0);
            publish(client, topic, 1, "ok \u65E5".getBytes(StandardCharsets.UTF_8));
            client.expectPubAck(3);
            subscriber.expectPublish(topic, "ok \u65E5");
            publish(client, topic, 1, new byte[] {(byte) 0xC3, (byte) 0x28});
            client.expectAcknowledgement(PacketType.PUBACK, 3, refused);
            publish(client, topic, 0, new byte[] {(byte) 0xFF});
            if (checked) {
                publish(client, topic, 2, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
                client.expectAcknowledgement(PacketType.PUBREC, 3, refused);
                // The handshake is over, and the id is free.
                client.publish(topic, "free again", 2, 3).expectAcknowledgement(PacketType.PUBREC, 3, 0);
                subscriber.expectPublish(topic, "free again");
            } else {
                subscriber.expect(Publish.class);
                subscriber.expect(Publish.class);
            }
            Steps.ping(subscriber);
        }
        assertThat(broker.counters().payloadsRefused.sum() - before).isEqualTo(checked ? 3 : 0);
    }

    private static void publish(MqttRawClient client, String topic, int qos, byte[] payload) {
        ByteBuf format = Unpooled.wrappedBuffer(new byte[] {PropertyId.PAYLOAD_FORMAT_INDICATOR, 1});
        client.publish(
                topic,
                "",
                packet -> packet.flags(qos, false, false, 3)
                        .properties(format, 0, 2)
                        .payload(Unpooled.wrappedBuffer(payload), 0, payload.length));
    }

    @Statement("rule:will-payload-format")
    @Test
    void wills() {
        MqttProperties text = Steps.number(PropertyId.PAYLOAD_FORMAT_INDICATOR, 1);
        Will wrong = new Will("w", new byte[] {(byte) 0x80}, 0, false, text);
        try (MqttRawClient refused = willing(strict, MqttVersion.V5, wrong);
                MqttRawClient fits = willing(strict, MqttVersion.V5, Steps.will("w", "x", 0, false, text));
                MqttRawClient unchecked = willing(little, MqttVersion.V5, wrong)) {
            refused.expectRefused(ReasonCode.PAYLOAD_FORMAT_INVALID);
            fits.expectAccepted();
            unchecked.expectAccepted();
        }
    }

    /** Only who asks is told, and only where the operator says what. */
    @Statement("MQTT-3.1.2-28")
    @Test
    void responseInformation() {
        assertThat(told(strict, Steps.number(PropertyId.REQUEST_RESPONSE_INFORMATION, 1)))
                .isEqualTo("answers/the client");
        assertThat(told(strict, Steps.number(PropertyId.REQUEST_RESPONSE_INFORMATION, 0)))
                .isNull();
        assertThat(told(strict, MqttProperties.NONE)).isNull();
        assertThat(told(little, Steps.number(PropertyId.REQUEST_RESPONSE_INFORMATION, 1)))
                .isNull();
    }

    private static String told(InProcessBroker broker, MqttProperties wishes) {
        try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            return client.connect("the client", true, null, wishes)
                    .expectAccepted()
                    .properties()
                    .string(PropertyId.RESPONSE_INFORMATION);
        }
    }
}
