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
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.Will;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.testkit.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Wills and keep alive; numbers are statements of MQTT 5.0. */
class WillTest {
    private static InProcessBroker broker;
    private MqttRawClient watcher;
    private String topic;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().loops(3).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void watch() {
        topic = Steps.unique("will/");
        watcher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("w"));
        Steps.subscribe(watcher, topic, 2);
    }

    @AfterEach
    void unwatch() {
        watcher.close();
    }

    private Will will(int qos, boolean retain) {
        return Steps.will(topic, "gone", qos, retain, MqttProperties.NONE);
    }

    private Will delayed(long seconds) {
        return Steps.will(topic, "gone", 1, false, Steps.number(PropertyId.WILL_DELAY_INTERVAL, seconds));
    }

    private static MqttRawClient client(MqttVersion version, String id, Will will, MqttProperties properties) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), version);
        client.connect(Steps.connect(version, id, will, properties)).expectAccepted();
        return client;
    }

    private MqttRawClient client(MqttVersion version, Will will) {
        return client(version, Steps.unique("c"), will, MqttProperties.NONE);
    }

    private void expectNoWill() {
        Steps.publish(watcher, topic, "nothing before", 0);
        watcher.expectPublish(topic, "nothing before");
    }

    /** 3.1.2-7, -8: a broken connection, by FIN or reset, or by a protocol error. */
    @Statement({"MQTT-3.1.2-7", "MQTT-3.1.2-8", "v3:MQTT-3.1.2-8", "v3:MQTT-3.1.2-9", "rule:takeover-will"})
    @ParameterizedTest
    @EnumSource
    void everyUncleanEndPublishes(MqttVersion version) {
        client(version, will(0, false)).close();
        Steps.receive(watcher, topic, "gone", 0);
        client(version, will(1, false)).raw().reset();
        Steps.receive(watcher, topic, "gone", 1);
        try (MqttRawClient faulty = client(version, will(2, false))) {
            faulty.raw().sendHex("0000");
            faulty.expectDisconnect(ReasonCode.MALFORMED_PACKET);
        }
        Steps.receive(watcher, topic, "gone", 2);
        try (MqttRawClient halfClosed = client(version, will(0, false))) {
            halfClosed.raw().finishSending();
            Steps.receive(watcher, topic, "gone", 0);
        }
        String id = Steps.unique("c");
        try (MqttRawClient first = client(version, id, will(1, false), MqttProperties.NONE);
                MqttRawClient second = MqttRawClient.connected(broker.tcpPort(), version, id)) {
            first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
            Steps.receive(watcher, topic, "gone", 1);
            Steps.leave(second);
        }
        expectNoWill();
    }

    /** 3.1.2-10, 3.14.4-3: not after a normal DISCONNECT. */
    @Statement({"MQTT-3.1.2-10", "MQTT-3.14.4-3", "v3:MQTT-3.1.2-10", "v3:MQTT-3.14.4-1", "v3:MQTT-3.14.4-3"})
    @ParameterizedTest
    @EnumSource
    void normalDisconnectForgetsIt(MqttVersion version) {
        try (MqttRawClient client = client(version, will(1, true))) {
            Steps.leave(client);
        }
        expectNoWill();
    }

    /** 3.14.4-3: with 0x04 and with any failure it is published. */
    @Statement("MQTT-3.14.4-3")
    @ParameterizedTest
    @CsvSource({"0x04", "0x80", "0x81", "0x93"})
    void otherDisconnectsPublish(String code) {
        try (MqttRawClient client = client(MqttVersion.V5, will(1, false))) {
            client.disconnect(Integer.decode(code), MqttProperties.NONE).expectClose();
        }
        Steps.receive(watcher, topic, "gone", 1);
    }

    /** 3.1.2-14, -15: retained when it says so. */
    @Statement({"MQTT-3.1.2-14", "MQTT-3.1.2-15", "v3:MQTT-3.1.2-16", "v3:MQTT-3.1.2-17"})
    @ParameterizedTest
    @EnumSource
    void retainedWill(MqttVersion version) {
        client(version, will(1, true)).close();
        assertThat(Steps.receive(watcher, topic, "gone", 1).retain()).isFalse();
        try (MqttRawClient late = MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"))) {
            Steps.subscribe(late, topic, 1);
            assertThat(Steps.receive(late, topic, "gone", 1).retain()).isTrue();
        }
    }

    /** 3.1.3-10 and the properties of section 3.1.3.2: all are passed on but the delay. */
    @Statement({"MQTT-3.1.2-9", "MQTT-3.1.3-10"})
    @Test
    void propertiesOfTheWill() {
        MqttProperties properties = MqttProperties.builder()
                .number(PropertyId.WILL_DELAY_INTERVAL, 0)
                .number(PropertyId.PAYLOAD_FORMAT_INDICATOR, 1)
                .number(PropertyId.MESSAGE_EXPIRY_INTERVAL, 100)
                .string(PropertyId.CONTENT_TYPE, "text")
                .string(PropertyId.RESPONSE_TOPIC, "r")
                .binary(PropertyId.CORRELATION_DATA, new byte[] {7})
                .user("k", "a")
                .user("k", "b")
                .build();
        client(MqttVersion.V5, Steps.will(topic, "gone", 1, false, properties)).close();
        Publish got = Steps.receive(watcher, topic, "gone", 1);
        assertThat(got.properties().payloadFormat()).isEqualTo(1);
        assertThat(got.properties().messageExpirySeconds()).isBetween(95L, 100L);
        assertThat(got.properties().contentType()).isEqualTo("text");
        assertThat(got.properties().responseTopic()).isEqualTo("r");
        assertThat(got.properties().correlationData()).containsExactly(7);
        StringBuilder users = new StringBuilder();
        got.properties().forEachUserProperty((name, value) -> users.append(name + value));
        assertThat(users).hasToString("kakb");
    }

    /** 3.1.2-8, 3.1.3-9: after the delay, unless the client is back before. */
    @Statement({"MQTT-3.1.2-8", "MQTT-3.1.3-9"})
    @Test
    void delayAndCancel() {
        String back = Steps.unique("c");
        String away = Steps.unique("c");
        String backTopic = topic;
        try (MqttRawClient client = client(MqttVersion.V5, back, delayed(1), Steps.expiry(60))) {
            client.disconnect(ReasonCode.DISCONNECT_WITH_WILL, MqttProperties.NONE)
                    .expectClose();
        }
        try (MqttRawClient again = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            again.connect(back, false, null, Steps.expiry(60)).expectAccepted();
            topic = Steps.unique("will/");
            Steps.subscribe(watcher, topic, 1);
            long since = System.nanoTime();
            client(MqttVersion.V5, away, delayed(1), Steps.expiry(60)).close();
            // The other will was to come before this one.
            Steps.receive(watcher, topic, "gone", 1);
            assertThat(System.nanoTime() - since).isGreaterThan(900_000_000L);
        }
        topic = backTopic;
        expectNoWill();
    }

    /** Section 3.1.3.2.2: the end of the session publishes at once, by expiry 0 or by a clean start. */
    @Statement({"MQTT-3.1.2-8", "rule:takeover-will"})
    @Test
    void endOfTheSessionEndsTheDelay() {
        client(MqttVersion.V5, Steps.unique("c"), delayed(1000), MqttProperties.NONE)
                .close();
        Steps.receive(watcher, topic, "gone", 1);
        String id = Steps.unique("c");
        try (MqttRawClient client = client(MqttVersion.V5, id, delayed(1000), Steps.expiry(60))) {
            client.disconnect(ReasonCode.DISCONNECT_WITH_WILL, MqttProperties.NONE)
                    .expectClose();
        }
        expectNoWill();
        MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, id).close();
        Steps.receive(watcher, topic, "gone", 1);
        try (MqttRawClient client = client(MqttVersion.V5, id, delayed(1000), Steps.expiry(60))) {
            client.disconnect(ReasonCode.DISCONNECT_WITH_WILL, Steps.expiry(0)).expectClose();
        }
        Steps.receive(watcher, topic, "gone", 1);
    }

    /** Takeover with the delay running out later: the session goes on, so nothing is published. */
    @Statement({"MQTT-3.1.3-9", "rule:takeover-will"})
    @Test
    void takeoverWithDelayIsSilent() {
        String id = Steps.unique("c");
        try (MqttRawClient first = client(MqttVersion.V5, id, delayed(1000), Steps.expiry(60));
                MqttRawClient second = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            second.connect(id, false, null, Steps.expiry(60)).expectAccepted();
            first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
            expectNoWill();
        }
    }

    /** Takeover that ends the session, by a clean start: the will goes out at once, whatever its delay. */
    @Statement({"MQTT-3.1.2-8", "MQTT-3.1.4-4", "rule:takeover-will"})
    @Test
    void takeoverWithACleanStartPublishes() {
        String id = Steps.unique("c");
        try (MqttRawClient first = client(MqttVersion.V5, id, delayed(1000), Steps.expiry(60));
                MqttRawClient second = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, id)) {
            first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
            Steps.receive(watcher, topic, "gone", 1);
            Steps.ping(second);
        }
    }

    /** A will that nobody could publish is refused with its CONNECT (section 3.1.3.3). */
    @Statement("MQTT-3.1.3-11")
    @ParameterizedTest
    @EnumSource
    void willTopicsThatAreNotAccepted(MqttVersion version) {
        for (int levels : new int[] {128, 129}) {
            Will deep = Steps.will("a/".repeat(levels - 1) + "a", "x", 0, false, MqttProperties.NONE);
            try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), version)) {
                client.connect(Steps.connect(version, Steps.unique("c"), deep, MqttProperties.NONE));
                if (levels == 128) {
                    client.expectAccepted();
                } else if (version == MqttVersion.V5) {
                    client.expectRefused(ReasonCode.TOPIC_NAME_INVALID);
                } else {
                    client.expectClose();
                }
            }
        }
    }

    /** 3.1.2-22, v3:3.1.2-24, 3.1.2-20: one and a half times, not less; any packet counts; 0 is for ever. */
    @Statement({"MQTT-3.1.2-22", "MQTT-3.2.2-22", "v3:MQTT-3.1.2-24"})
    @Test
    void keepAlive() {
        try (MqttRawClient old = MqttRawClient.open(broker.tcpPort(), MqttVersion.V3_1_1);
                MqttRawClient silent = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
                MqttRawClient talking = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
                MqttRawClient forever = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            long timeouts = broker.counters().keepAliveTimeouts.sum();
            forever.connect(keepAlive(MqttVersion.V5, 0)).expectAccepted();
            talking.connect(keepAlive(MqttVersion.V5, 1)).expectAccepted();
            long since = System.nanoTime();
            silent.connect(keepAlive(MqttVersion.V5, 1)).expectAccepted();
            old.connect(keepAlive(MqttVersion.V3_1_1, 1)).expectAccepted();
            for (int i = 0; i < 8; i++) {
                talking.expectSilence(Duration.ofMillis(200));
                Steps.publish(talking, "keep/alive", "x");
            }
            silent.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
            assertThat(System.nanoTime() - since).isBetween(1_490_000_000L, 6_000_000_000L);
            Steps.receive(watcher, topic, "gone", 1);
            Steps.receive(watcher, topic, "gone", 1);
            old.expectClose();
            Steps.ping(talking);
            Steps.ping(forever);
            assertThat(broker.counters().keepAliveTimeouts.sum() - timeouts).isEqualTo(2);
        }
    }

    /** 3.2.2-21, -22: MQTT 5 is timed by what the server said, others by what they said themselves. */
    @Statement({"MQTT-3.2.2-21", "MQTT-3.2.2-22"})
    @Test
    void serverKeepAlive() {
        MqttLimits limits = new MqttLimits(1 << 20, 10, 1, 10, 100, 1 << 20, 1 << 20, MqttLimits.NEVER, 1, 10_000);
        try (InProcessBroker strict = InProcessBroker.options().limits(limits).start();
                MqttRawClient five = MqttRawClient.open(strict.tcpPort(), MqttVersion.V5);
                MqttRawClient four = MqttRawClient.open(strict.tcpPort(), MqttVersion.V3_1_1)) {
            four.connect(keepAlive(MqttVersion.V3_1_1, 0)).expectAccepted();
            MqttProperties told =
                    five.connect(keepAlive(MqttVersion.V5, 0)).expectAccepted().properties();
            assertThat(told.number(PropertyId.SERVER_KEEP_ALIVE, -1)).isEqualTo(1);
            five.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
            Steps.ping(four);
        }
    }

    private Connect keepAlive(MqttVersion version, int seconds) {
        return new Connect(version, Steps.unique("c"), true, seconds, will(1, false), null, null, MqttProperties.NONE);
    }
}
