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
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.OutboundPublish;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.testkit.Statement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH and its acknowledgements, both ways, on three loops; numbers are statements of MQTT 5.0. */
class PublishTest {
    private static final int RECEIVE_MAXIMUM = 8;
    private static final int ALIASES = 4;
    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        MqttLimits limits = new MqttLimits(
                1 << 20, RECEIVE_MAXIMUM, ALIASES, 1024, 100_000, 256 << 20, 16 << 20, MqttLimits.NEVER, 0, 10_000);
        broker = InProcessBroker.options().loops(3).limits(limits).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private static MqttRawClient client(MqttProperties properties) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        client.connect(Steps.unique("c"), true, null, properties).expectAccepted();
        return client;
    }

    private static long recorded(String topic) {
        return broker.records("mqtt").stream()
                .filter(record -> record.subject().equals(topic))
                .count();
    }

    /** 4.3.3-8 to -12: once per id until PUBCOMP, then anew; an unknown PUBREL is answered, too. */
    @Statement({
        "MQTT-2.2.1-5",
        "MQTT-4.3.3-8",
        "MQTT-4.3.3-10",
        "MQTT-4.3.3-11",
        "MQTT-4.3.3-12",
        "v3:MQTT-2.3.1-6",
        "v3:MQTT-4.3.3-2"
    })
    @ParameterizedTest
    @EnumSource
    void qos2ExactlyOnce(MqttVersion version) {
        String topic = Steps.unique("q2/");
        try (MqttRawClient client = client(version);
                MqttRawClient subscriber = client(version)) {
            Steps.subscribe(subscriber, topic, 0);
            for (int i = 0; i < 3; i++) {
                boolean dup = i > 0;
                client.publish(topic, "first", packet -> packet.flags(2, dup, false, 5));
                client.expectAcknowledgement(PacketType.PUBREC, 5, 0);
            }
            client.pubRel(5).expectAcknowledgement(PacketType.PUBCOMP, 5, 0);
            int unknown = version == MqttVersion.V5 ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND : 0;
            client.pubRel(5).expectAcknowledgement(PacketType.PUBCOMP, 5, unknown);
            client.publish(topic, "second", packet -> packet.flags(2, true, false, 5));
            client.expectAcknowledgement(PacketType.PUBREC, 5, 0);
            subscriber.expectPublish(topic, "first");
            subscriber.expectPublish(topic, "second");
            Steps.ping(subscriber);
        }
        assertThat(recorded(topic)).isEqualTo(2);
    }

    /** 4.3.2-5: after PUBACK the same id is a new message, whatever DUP says. */
    @Statement({"MQTT-4.3.2-5", "v3:MQTT-2.3.1-3", "v3:MQTT-4.3.2-2"})
    @Test
    void qos1IdIsFreeAfterPubAck() {
        String topic = Steps.unique("q1/");
        try (MqttRawClient client = client(MqttVersion.V3_1_1)) {
            for (int i = 0; i < 3; i++) {
                client.publish(topic, "x", packet -> packet.flags(1, true, false, 9));
                client.expectPubAck(9);
            }
        }
        assertThat(recorded(topic)).isEqualTo(3);
    }

    /** 4.6.0-2, -3, v3:4.6.0-6: acknowledgements come in the order of the publishes, whatever shard was faster. */
    @Statement({"MQTT-3.3.4-1", "MQTT-4.3.2-4", "v3:MQTT-3.3.4-1", "v3:MQTT-4.6.0-6"})
    @ParameterizedTest
    @EnumSource
    void acknowledgementsAreInOrder(MqttVersion version) {
        int window = version == MqttVersion.V5 ? RECEIVE_MAXIMUM : 200;
        try (MqttRawClient client = client(version)) {
            for (int round = 0; round < 5; round++) {
                for (int i = 1; i <= window; i++) {
                    client.publish(Steps.unique("order/"), "x", 1 + i % 2, i);
                }
                for (int i = 1; i <= window; i++) {
                    client.expectAcknowledgement(i % 2 == 0 ? PacketType.PUBACK : PacketType.PUBREC, i, 0);
                }
                for (int i = 1; i <= window; i += 2) {
                    client.pubRel(i).expectAcknowledgement(PacketType.PUBCOMP, i, 0);
                }
            }
        }
    }

    /** 3.3.4-7: at the limit all is well; one more is too many; QoS 2 counts until PUBCOMP. */
    @Statement("MQTT-3.3.4-7")
    @Test
    void receiveMaximumInbound() {
        String topic = Steps.unique("rm/");
        try (MqttRawClient client = client(MqttVersion.V5)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 1; i <= RECEIVE_MAXIMUM; i++) {
                    client.publish(topic, "x", 2, i).expectAcknowledgement(PacketType.PUBREC, i, 0);
                }
                // A repeated one is no further one.
                client.publish(topic, "x", packet -> packet.flags(2, true, false, 1));
                client.expectAcknowledgement(PacketType.PUBREC, 1, 0);
                for (int i = 1; round < 2 && i <= RECEIVE_MAXIMUM; i++) {
                    client.pubRel(i).expectAcknowledgement(PacketType.PUBCOMP, i, 0);
                }
            }
            client.publish(topic, "x", 1, 100).expectDisconnect(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
        }
        assertThat(recorded(topic)).isEqualTo(3 * RECEIVE_MAXIMUM);
        // MQTT 3 knows no such limit.
        try (MqttRawClient client = client(MqttVersion.V3_1_1)) {
            for (int i = 1; i <= 3 * RECEIVE_MAXIMUM; i++) {
                client.publish(topic, "x", 2, i).expectAcknowledgement(PacketType.PUBREC, i, 0);
            }
        }
    }

    /** Section 4.9: a new connection has a new quota, whatever the last one left behind. */
    @Statement("rule:send-quota")
    @Test
    void receiveMaximumBeginsAnew() {
        String id = Steps.unique("s");
        String topic = Steps.unique("rm/");
        try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            Steps.resume(client, MqttVersion.V5, id);
            for (int i = 1; i <= RECEIVE_MAXIMUM; i++) {
                client.publish(topic, "x", 2, i).expectAcknowledgement(PacketType.PUBREC, i, 0);
            }
        }
        try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            assertThat(Steps.resume(client, MqttVersion.V5, id)).isTrue();
            // Ids 1 and 2 are sent again and count; the others wait for their PUBREL and do not.
            for (int i = 1; i <= 2; i++) {
                int packetId = i;
                client.publish(topic, "x", packet -> packet.flags(2, true, false, packetId));
                client.expectAcknowledgement(PacketType.PUBREC, i, 0);
            }
            for (int i = 3; i <= RECEIVE_MAXIMUM; i++) {
                client.publish(topic, "x", 2, 100 + i).expectAcknowledgement(PacketType.PUBREC, 100 + i, 0);
            }
            client.pubRel(8).expectAcknowledgement(PacketType.PUBCOMP, 8, 0);
            client.pubRel(1).expectAcknowledgement(PacketType.PUBCOMP, 1, 0);
            client.publish(topic, "x", 1, 200).expectPubAck(200);
            client.publish(topic, "x", 2, 201).expectAcknowledgement(PacketType.PUBREC, 201, 0);
            client.publish(topic, "x", 2, 202).expectDisconnect(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
        }
    }

    /** 3.3.4-9, -10, 4.9.0-1 to -3: never more under way than the client said; other packets pass. */
    @Statement({
        "MQTT-3.3.4-9",
        "MQTT-3.3.4-10",
        "MQTT-4.4.0-2",
        "MQTT-4.9.0-1",
        "MQTT-4.9.0-2",
        "MQTT-4.9.0-3",
        "rule:send-quota"
    })
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void receiveMaximumOutbound(int window) {
        String topic = Steps.unique("rm/");
        int count = 4 * window + 1;
        try (MqttRawClient subscriber = client(Steps.number(PropertyId.RECEIVE_MAXIMUM, window));
                MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
            Steps.subscribe(subscriber, topic, 2);
            for (int i = 0; i < count; i++) {
                Steps.publish(publisher, topic, "m" + i, 1 + i % 2);
            }
            List<Publish> underWay = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                underWay.add(subscriber.expectPublish(topic, "m" + i));
                if (underWay.size() == window) {
                    // QoS 0 is not held back, and nothing else comes.
                    publisher.publish(topic, "zero");
                    subscriber.expectPublish(topic, "zero");
                    Steps.ping(subscriber);
                    finish(subscriber, underWay.remove(0));
                }
            }
            // 4.4.0-2: a refusal ends a delivery and frees its place.
            underWay.forEach(publish -> finish(subscriber, publish));
            for (int i = 0; i < 2 * window; i++) {
                Steps.publish(publisher, topic, "refused" + i, 1 + i % 2);
            }
            for (int i = 0; i < 2 * window; i++) {
                Publish publish = subscriber.expectPublish(topic, "refused" + i);
                Steps.refuse(
                        subscriber,
                        publish.qos() == 1 ? PacketType.PUBACK : PacketType.PUBREC,
                        publish.packetId(),
                        ReasonCode.UNSPECIFIED_ERROR);
            }
            Steps.ping(subscriber);
        }
    }

    private static void finish(MqttRawClient subscriber, Publish publish) {
        if (publish.qos() == 1) {
            subscriber.pubAck(publish.packetId());
        } else {
            subscriber.pubRec(publish.packetId());
            Object packet = subscriber.expect(Object.class);
            assertThat(packet).isEqualTo(new MqttRawClient.Acknowledgement(PacketType.PUBREL, publish.packetId(), 0));
            subscriber.pubComp(publish.packetId());
        }
    }

    /** Section 3.5 and 2.2.1-5: acknowledgements of what was never sent are answered or ignored, and harm nobody. */
    @Statement("MQTT-2.2.1-5")
    @ParameterizedTest
    @EnumSource
    void strayAcknowledgements(MqttVersion version) {
        int unknown = version == MqttVersion.V5 ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND : 0;
        try (MqttRawClient client = client(version)) {
            client.pubAck(1).pubComp(2).pubRec(3).expectAcknowledgement(PacketType.PUBREL, 3, unknown);
            client.pubRel(4).expectAcknowledgement(PacketType.PUBCOMP, 4, unknown);
            Steps.subscribe(client, "stray/" + version, 1);
            Steps.publish(client, "stray/" + version, "x", 0);
            client.expectPublish("stray/" + version, "x");
        }
    }

    /** 3.3.2-7, -8, -12, and section 3.3.2.3.4: aliases are set, used, replaced, and end with the connection. */
    @Statement({
        "MQTT-3.2.2-17",
        "MQTT-3.3.2-7",
        "MQTT-3.3.2-8",
        "MQTT-3.3.2-9",
        "MQTT-3.3.2-12",
        "rule:empty-topic",
        "rule:alias-mapping"
    })
    @Test
    void topicAliasesInbound() {
        String topic = Steps.unique("al/");
        try (MqttRawClient subscriber = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, topic + "/#", 0);
            try (MqttRawClient client = client(MqttVersion.V5)) {
                for (int alias = 1; alias <= ALIASES; alias++) {
                    int number = alias;
                    client.publish(topic + "/" + alias, "set", packet -> packet.topicAlias(number));
                    subscriber.expectPublish(topic + "/" + alias, "set");
                }
                for (int alias = 1; alias <= ALIASES; alias++) {
                    int number = alias;
                    client.publish("", "use", packet -> packet.topicAlias(number));
                    assertThat(subscriber
                                    .expectPublish(topic + "/" + alias, "use")
                                    .topicAlias())
                            .isEqualTo(-1);
                }
                client.publish(topic + "/new", "replaced", packet -> packet.topicAlias(1));
                client.publish("", "again", packet -> packet.topicAlias(1));
                subscriber.expectPublish(topic + "/new", "replaced");
                subscriber.expectPublish(topic + "/new", "again");
                client.publish(topic, "x", packet -> packet.topicAlias(ALIASES + 1))
                        .expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
            }
            try (MqttRawClient client = client(MqttVersion.V5)) {
                client.publish("", "x", packet -> packet.topicAlias(1)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
            }
            try (MqttRawClient client = client(MqttVersion.V5)) {
                client.raw().sendHex("3008 0001 61 03 230000 78");
                client.expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
            }
            Steps.ping(subscriber);
        }
    }

    /** 3.3.1-2, -4, 3.3.2-1, -2, -14, 3.3.4-6, 4.7.0-1, 4.7.3-1, 2.2.1-3, 1.5.4-1, 1.5.4-2 and the property rules. */
    @Statement({
        "MQTT-1.5.4-1",
        "MQTT-1.5.4-2",
        "MQTT-2.2.1-3",
        "MQTT-3.3.1-2",
        "MQTT-3.3.1-4",
        "MQTT-3.3.2-1",
        "MQTT-3.3.2-2",
        "MQTT-3.3.2-14",
        "MQTT-3.3.4-6",
        "MQTT-4.7.0-1",
        "MQTT-4.7.3-1",
        "MQTT-4.13.1-1",
        "rule:property-twice",
        "rule:packet-of-a-server"
    })
    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 3605 0001 61 00 78",
                "81 3805 0001 61 00 78",
                "82 3003 0000 00",
                "82 3206 0001 61 0000 00",
                "90 3005 0001 2b 00 78",
                "90 3006 0002 6123 00 78",
                "81 3005 0001 ff 00 78",
                "81 3005 0001 00 00 78",
                "82 3008 0001 61 02 0b01 78 78",
                "82 300a 0001 61 06 080001230101",
                "82 3009 0001 61 04 01010101 78",
                "82 3007 0001 61 02 0102 78",
                "81 3007 0001 61 02 2402 78",
                "81 3004 0009 61 00",
                "82 2000",
                "82 b000",
                "81 0000",
                "81 c100",
                "81 6002 0001",
                "81 4001 00",
                "82 4002 0000"
            })
    void wrongPublishes(String codeAndBytes) {
        try (MqttRawClient client = client(MqttVersion.V5)) {
            client.raw().sendHex(codeAndBytes.substring(3));
            client.expectDisconnect(Integer.parseInt(codeAndBytes.substring(0, 2), 16));
        }
    }

    /** v3:4.8.0-1 */
    @Statement({
        "v3:MQTT-2.3.1-1",
        "v3:MQTT-3.3.1-4",
        "v3:MQTT-3.3.2-2",
        "v3:MQTT-4.7.1-1",
        "v3:MQTT-4.7.3-1",
        "v3:MQTT-4.8.0-1"
    })
    @ParameterizedTest
    @ValueSource(strings = {"3604 0001 61 78", "3002 0000", "3203 0001 61", "3004 0001 2b 78", "f000", "4003 0001 00"})
    void wrongPublishesBefore5(String bytes) {
        try (MqttRawClient client = client(MqttVersion.V3_1_1)) {
            client.raw().sendHex(bytes);
            client.expectClose();
        }
    }

    /** 1.5.4-3, 4.7.3-4: topics pass as they are. */
    @Statement({"MQTT-1.5.4-3", "MQTT-4.7.3-4", "v3:MQTT-1.5.3-3", "v3:MQTT-4.7.3-4"})
    @ParameterizedTest
    @EnumSource
    void topicsAreNotTouched(MqttVersion version) {
        try (MqttRawClient client = client(version)) {
            for (String topic : new String[] {"/", "//", "a//b/", " ", "\uFEFFa/ü/日本", "A/a", "_private/x", "a.b.c"}) {
                Steps.subscribe(client, topic, 0);
                client.publish(topic, "x");
                client.expectPublish(topic, "x");
            }
        }
    }

    /** Section 12 and 3.3.2-1: up to 65,535 bytes and 128 levels; deeper ones are refused by name, not swallowed. */
    @Statement({"MQTT-4.7.3-3", "v3:MQTT-4.7.3-3"})
    @ParameterizedTest
    @EnumSource
    void deepAndLongTopics(MqttVersion version) {
        String root = Steps.unique("deep");
        int refused = version == MqttVersion.V5 ? ReasonCode.TOPIC_NAME_INVALID : 0;
        try (MqttRawClient subscriber = client(version);
                MqttRawClient client = client(version)) {
            Steps.subscribe(subscriber, root + "/#", 1);
            for (String tooDeep : new String[] {root + "/a".repeat(128), root + "/".repeat(5000)}) {
                client.publish(tooDeep, "x", 1, 3).expectAcknowledgement(PacketType.PUBACK, 3, refused);
                client.publish(tooDeep, "x");
            }
            for (String topic :
                    new String[] {root + "/a".repeat(127), root + "/" + "x".repeat(65_534 - root.length())}) {
                Steps.publish(client, topic, "x");
                Steps.receive(subscriber, topic, "x", 1);
                client.publish(topic, "y");
                subscriber.expectPublish(topic, "y");
            }
        }
    }

    /** Section 3.14.4: what comes behind DISCONNECT, or behind a fault, is not handled; what came before it is. */
    @Statement({"MQTT-3.14.4-1", "v3:MQTT-3.14.4-2"})
    @ParameterizedTest
    @EnumSource
    void nothingBehindTheEndCounts(MqttVersion version) {
        String topic = Steps.unique("end/");
        for (String end : new String[] {"e000", "0000"}) {
            try (MqttRawClient client = client(version)) {
                client.send(out -> {
                    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
                    ByteBuf bytes = Unpooled.wrappedBuffer(name);
                    OutboundPublish publish = new OutboundPublish()
                            .flags(1, false, false, 1)
                            .topic(bytes, 0, name.length)
                            .payload(bytes, 0, name.length);
                    MqttEncoder.publish(out, version, publish);
                    out.writeBytes(ByteBufUtil.decodeHexDump(end));
                    MqttEncoder.publish(out, version, publish);
                });
                client.raw().readUntilClose();
            }
        }
        Steps.await("the two before the ends", () -> recorded(topic) == 2);
    }

    /** Empty and large payloads in both directions, and several thousand small ones. */
    @ParameterizedTest
    @EnumSource
    void payloadsOfAnySize(MqttVersion version) {
        String topic = Steps.unique("size/");
        try (MqttRawClient client = client(version)) {
            Steps.subscribe(client, topic, 1);
            for (int size : new int[] {0, 1, 100, 127, 128, 16_384, 65_536, 70_000, 500_000, (1 << 20) - 100}) {
                String payload = "x".repeat(size);
                client.publish(topic, payload);
                client.expectPublish(topic, payload);
            }
        }
    }

    /** 3.3.2-5, -6: the time is counted down while a message waits, and what is late does not come. */
    @Statement({"MQTT-3.3.2-5", "MQTT-3.3.2-6"})
    @Test
    void expiryCountsDown() {
        String topic = Steps.unique("ex/");
        try (MqttRawClient subscriber = client(Steps.number(PropertyId.RECEIVE_MAXIMUM, 1));
                MqttRawClient publisher = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, topic, 1);
            Steps.publish(publisher, topic, "first", false, packet -> packet.messageExpirySeconds(1));
            Steps.publish(publisher, topic, "late", false, packet -> packet.messageExpirySeconds(1));
            Steps.publish(publisher, topic, "later", false, packet -> packet.messageExpirySeconds(100));
            Steps.publish(publisher, topic, "never", false, packet -> {});
            Publish first = subscriber.expectPublish(topic, "first");
            assertThat(first.properties().messageExpirySeconds()).isEqualTo(1);
            long since = System.nanoTime();
            Steps.await("a second to pass", () -> System.nanoTime() - since > 1_050_000_000L);
            long expired = broker.counters().expired.sum();
            subscriber.pubAck(first.packetId());
            Publish later = Steps.receive(subscriber, topic, "later", 1);
            assertThat(later.properties().messageExpirySeconds()).isBetween(90L, 99L);
            assertThat(Steps.receive(subscriber, topic, "never", 1).properties().messageExpirySeconds())
                    .isEqualTo(-1);
            assertThat(broker.counters().expired.sum() - expired).isEqualTo(1);
        }
    }

    /** 3.1.2-24, -25: too large is dropped, counted, and leaves the window as it was; the limit itself fits. */
    @Statement({"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
    @Test
    void maximumPacketSizeOutbound() {
        String topic = Steps.unique("big/");
        int overhead = 2 + 2 + topic.length() + 2 + 1;
        MqttProperties properties = MqttProperties.builder()
                .number(PropertyId.RECEIVE_MAXIMUM, 1)
                .number(PropertyId.MAXIMUM_PACKET_SIZE, 100)
                .build();
        try (MqttRawClient subscriber = client(properties);
                MqttRawClient publisher = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, topic, 2);
            long dropped = broker.counters().droppedTooLarge.sum();
            for (int qos = 0; qos <= 2; qos++) {
                Steps.publish(publisher, topic, "y".repeat(101 - overhead + (qos == 0 ? 2 : 0)), qos);
                Steps.publish(publisher, topic, "x".repeat(100 - overhead + (qos == 0 ? 2 : 0)), qos);
                Steps.receive(subscriber, topic, "x".repeat(100 - overhead + (qos == 0 ? 2 : 0)), qos);
            }
            assertThat(broker.counters().droppedTooLarge.sum() - dropped).isEqualTo(3);
            Steps.ping(subscriber);
        }
    }

    /** 3.3.1-3: DUP and the publisher's own aliases are not passed on. */
    @Statement({"MQTT-3.3.1-3", "v3:MQTT-3.3.1-3"})
    @Test
    void nothingOfTheHopIsPassedOn() {
        String topic = Steps.unique("hop/");
        ByteBuf user = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("26000161000162"));
        try (MqttRawClient subscriber = client(MqttVersion.V5);
                MqttRawClient publisher = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, topic, 1);
            publisher.publish(
                    topic,
                    "x",
                    packet -> packet.flags(1, true, false, 3).topicAlias(2).properties(user, 0, user.readableBytes()));
            publisher.expectPubAck(3);
            Publish got = Steps.receive(subscriber, topic, "x", 1);
            assertThat(got.topicAlias()).isEqualTo(-1);
            assertThat(got.properties().userPropertyCount()).isEqualTo(1);
            assertThat(got.properties().userProperty("a")).isEqualTo("b");
        }
    }

    /** 4.6.0-5, -6: for each QoS, a publisher's messages of a topic come in their order to subscribers on every loop. */
    @Statement({"MQTT-4.6.0-5", "MQTT-4.6.0-6", "v3:MQTT-4.6.0-5", "v3:MQTT-4.6.0-6"})
    @Test
    void orderPerPublisherAndTopic() {
        String topic = Steps.unique("order/");
        int count = 400;
        List<MqttRawClient> subscribers = new ArrayList<>();
        try (MqttRawClient one = client(MqttVersion.V3_1_1);
                MqttRawClient two = client(MqttVersion.V3_1_1)) {
            for (int i = 0; i < 6; i++) {
                MqttRawClient subscriber = client(MqttVersion.V3_1_1);
                subscribers.add(subscriber);
                Steps.subscribe(subscriber, topic, 2);
            }
            for (int i = 0; i < count; i++) {
                for (MqttRawClient publisher : List.of(one, two)) {
                    int qos = i % 3;
                    publisher.publish(topic, (publisher == one ? "a" : "b") + qos + i, qos, qos == 0 ? 0 : i + 1);
                }
            }
            for (MqttRawClient subscriber : subscribers) {
                int[][] last = new int[2][3];
                for (int i = 0; i < 2 * count; i++) {
                    Publish publish = subscriber.expect(Publish.class);
                    int who = publish.text().charAt(0) - 'a';
                    int qos = publish.text().charAt(1) - '0';
                    int number = Integer.parseInt(publish.text().substring(2));
                    assertThat(publish.qos()).isEqualTo(qos);
                    assertThat(number + 1).isGreaterThan(last[who][qos]);
                    last[who][qos] = number + 1;
                }
                Steps.ping(subscriber);
            }
        } finally {
            subscribers.forEach(MqttRawClient::close);
        }
    }
}
