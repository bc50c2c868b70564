/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.ConnAck;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.testkit.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server says of its own accord: CONNACK, reasons, DISCONNECT, AUTH, and the ids of what it sends. */
class AnswerConformanceTest {
    private static InProcessBroker broker;

    /** Everything but what is called forbidden. Stateless. */
    private record Forbidding() implements AccessPort {
        @Override
        public CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public boolean mayPublish(ClientIdentity client, String canonicalSubject) {
            return !canonicalSubject.startsWith("forbidden");
        }

        @Override
        public boolean maySubscribe(ClientIdentity client, String canonicalFilter) {
            return !canonicalFilter.startsWith("forbidden");
        }

        @Override
        public boolean allowsAll() {
            return false;
        }
    }

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().access(new Forbidding()).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static MqttRawClient open(MqttVersion version) {
        return MqttRawClient.open(broker.tcpPort(), version);
    }

    private static MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private static MqttRawClient client(MqttProperties wishes) {
        MqttRawClient client = open(MqttVersion.V5);
        client.connect(Steps.unique("c"), true, null, wishes).expectAccepted();
        return client;
    }

    @Statement({"MQTT-3.2.0-1", "MQTT-3.2.0-2", "v3:MQTT-3.2.0-1"})
    @ParameterizedTest
    @EnumSource
    void connAckIsFirstAndAlone(MqttVersion version) {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        try (MqttRawClient first = open(version);
                MqttRawClient publisher = client(version)) {
            Steps.resume(first, version, id);
            Steps.subscribe(first, topic, 1);
            Steps.leave(first);
            Steps.publish(publisher, topic, "waits");
        }
        try (MqttRawClient second = open(version)) {
            second.connect(Steps.connect(
                    version, id, false, version == MqttVersion.V5 ? Steps.expiry(60) : MqttProperties.NONE));
            assertThat(second.expect(ConnAck.class).reasonCode()).isZero();
            Steps.receive(second, topic, "waits", 1);
            Steps.ping(second);
        }
    }

    @Statement({"MQTT-3.1.3-5", "v3:MQTT-3.1.3-5"})
    @ParameterizedTest
    @EnumSource
    void clientIdsOfOneTo23Bytes(MqttVersion version) {
        String all = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (String id : new String[] {"x", all.substring(0, 23), all.substring(23, 46), all.substring(39)}) {
            try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), version, id)) {
                Steps.ping(client);
            }
        }
    }

    @Statement("v3:MQTT-3.1.2-12")
    @Test
    void whoHasNoWillLeavesNone() {
        try (MqttRawClient watcher = client(MqttVersion.V3_1_1)) {
            Steps.subscribe(watcher, "#", 0);
            MqttRawClient client = client(MqttVersion.V3_1_1);
            client.raw().reset();
            Steps.await("its end", () -> broker.server().connections().size() == 1);
            Steps.ping(watcher);
        }
    }

    /** Reasons in words for each refusal, unless the client said it does not want them; no user properties of ours at all. */
    @Statement("MQTT-3.1.2-29")
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void reasonsAreForThoseWhoWantThem(int wanted) {
        try (MqttRawClient client = client(Steps.number(PropertyId.REQUEST_PROBLEM_INFORMATION, wanted))) {
            client.subscribe(1, "forbidden/#", 1);
            SubAck subAck = client.expectSubAck(1, ReasonCode.NOT_AUTHORIZED);
            assertThat(subAck.properties().has(PropertyId.REASON_STRING)).isEqualTo(wanted == 1);
            assertThat(subAck.properties().userProperties()).isEmpty();
            String why = wanted == 1 ? "0e1f000b6e6f7420616c6c6f776564" : "";
            int length = 3 + why.length() / 2;
            client.publish("forbidden/a", "x", 1, 5);
            client.raw().expectHex(String.format("40%02x000587%s", length, why));
            client.publish("forbidden/a", "x", 2, 6);
            client.raw().expectHex(String.format("50%02x000687%s", length, why));
            // An unknown id needs no words.
            client.pubRel(9).raw().expectHex("7003000992");
        }
    }

    /** A reason in words yields to the client's Maximum Packet Size. */
    @Statement({"MQTT-3.4.2-2", "MQTT-3.5.2-2", "MQTT-3.9.2-1"})
    @Test
    void reasonsYieldToTheMaximumPacketSize() {
        try (MqttRawClient client = client(Steps.number(PropertyId.MAXIMUM_PACKET_SIZE, 20))) {
            client.publish("forbidden/a", "x", 1, 5).raw().expectHex("4012000587" + "0e1f000b6e6f7420616c6c6f776564");
        }
        try (MqttRawClient client = client(Steps.number(PropertyId.MAXIMUM_PACKET_SIZE, 19))) {
            client.publish("forbidden/a", "x", 1, 5).raw().expectHex("4003000587");
            client.publish("forbidden/a", "x", 2, 6).raw().expectHex("5003000687");
            client.subscribe(7, "forbidden/a", 1).raw().expectHex("900400070087");
        }
    }

    /** What cannot be said within the client's limit is not said; the client is told that, or sent away. */
    @Statement("MQTT-3.1.2-24")
    @Test
    void answersKeepToTheMaximumPacketSize() {
        try (MqttRawClient client = open(MqttVersion.V5)) {
            client.connect(Steps.unique("c"), true, null, Steps.number(PropertyId.MAXIMUM_PACKET_SIZE, 10));
            client.expectRefused(ReasonCode.PACKET_TOO_LARGE);
        }
        try (MqttRawClient client = client(Steps.number(PropertyId.MAXIMUM_PACKET_SIZE, 30))) {
            SubscriptionRequest[] many = new SubscriptionRequest[26];
            Arrays.setAll(many, i -> new SubscriptionRequest("many/" + i, 0));
            client.subscribe(1, MqttProperties.NONE, Arrays.copyOf(many, 25));
            client.expect(SubAck.class);
            client.subscribe(2, MqttProperties.NONE, many).expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
        }
    }

    @Statement({"MQTT-3.14.2-1", "MQTT-3.14.2-2", "MQTT-3.14.4-1", "MQTT-3.14.4-2"})
    @Test
    void disconnectIsTheLastWord() {
        String id = Steps.unique("s");
        try (MqttRawClient first = open(MqttVersion.V5);
                MqttRawClient second = open(MqttVersion.V5)) {
            first.connect(id, true, null, Steps.expiry(60)).expectAccepted();
            second.connect(id, false, null, Steps.expiry(60)).expectAccepted();
            Disconnect goodbye = first.expect(Disconnect.class);
            assertThat(goodbye.reasonCode()).isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
            assertThat(goodbye.properties().has(PropertyId.SESSION_EXPIRY_INTERVAL))
                    .isFalse();
            assertThat(first.raw().readUntilClose()).isEmpty();
        }
    }

    /** Before MQTT 5 a server has no DISCONNECT: the close alone, whatever the reason. */
    @Statement("v3:MQTT-4.8.0-1")
    @ParameterizedTest
    @EnumSource(names = {"V3_1", "V3_1_1"})
    void oldClientsGetNoDisconnect(MqttVersion version) {
        for (String wrong : new String[] {"0000", "10020000", "8200", "36020000", "e00100"}) {
            try (MqttRawClient client = client(version)) {
                client.raw().sendHex(wrong);
                assertThat(client.raw().readUntilClose()).isEmpty();
            }
        }
    }

    /** There is no method of enhanced authentication here: nobody is asked for more, and nobody may begin. */
    @Statement({
        "MQTT-3.1.2-30",
        "MQTT-4.12.0-1",
        "MQTT-4.12.0-2",
        "MQTT-4.12.0-3",
        "MQTT-4.12.0-4",
        "MQTT-4.12.0-5",
        "MQTT-4.12.0-6",
        "MQTT-4.12.1-1",
        "MQTT-4.12.1-2",
        "rule:authentication-method"
    })
    @Test
    void nobodyIsAskedForMore() {
        MqttProperties method = MqttProperties.builder()
                .string(PropertyId.AUTHENTICATION_METHOD, "PLAIN")
                .build();
        String topic = Steps.unique("auth/");
        try (MqttRawClient client = open(MqttVersion.V5)) {
            client.connect(Steps.unique("c"), true, null, method).publish(topic, "early", 1, 1);
            client.expectRefused(ReasonCode.BAD_AUTHENTICATION_METHOD);
        }
        assertThat(broker.records("mqtt")).noneMatch(record -> record.subject().equals(topic));
        for (int code : new int[] {ReasonCode.CONTINUE_AUTHENTICATION, ReasonCode.RE_AUTHENTICATE}) {
            try (MqttRawClient client = open(MqttVersion.V5)) {
                ConnAck connAck = client.connect(Steps.unique("c"), true).expectAccepted();
                assertThat(connAck.properties().has(PropertyId.AUTHENTICATION_METHOD))
                        .isFalse();
                assertThat(connAck.properties().has(PropertyId.AUTHENTICATION_DATA))
                        .isFalse();
                client.send(out -> MqttEncoder.auth(out, code, method, Integer.MAX_VALUE));
                client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
            }
        }
    }

    /** Nearly every id from 1 to 65,535 in turn, past one that is still in use, and then from the beginning. */
    @Statement({
        "MQTT-2.2.1-4",
        "MQTT-4.3.2-1",
        "MQTT-4.3.2-2",
        "MQTT-4.3.3-1",
        "MQTT-4.3.3-2",
        "v3:MQTT-2.3.1-4",
        "v3:MQTT-4.3.2-1",
        "v3:MQTT-4.3.3-1"
    })
    @Test
    void idsOfTheServerAreFree() {
        String topic = Steps.unique("ids/");
        int count = 66_000;
        int burst = 500;
        try (MqttRawClient subscriber = client(MqttVersion.V3_1_1);
                MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
            Steps.subscribe(subscriber, topic, 2);
            Steps.publish(publisher, topic, "held", 2);
            int held = subscriber.expectPublish(topic, "held").packetId();
            Set<Integer> seen = new HashSet<>();
            for (int sent = 0; sent < count; sent += burst) {
                for (int i = 0; i < burst; i++) {
                    publisher.publish(topic, "", 1, 1 + i);
                }
                for (int i = 0; i < burst; i++) {
                    publisher.expectPubAck(1 + i);
                }
                int[] ids = new int[burst];
                for (int i = 0; i < burst; i++) {
                    Publish publish = subscriber.expect(Publish.class);
                    assertThat(publish.dup()).isFalse();
                    assertThat(publish.packetId()).isBetween(1, 65_535).isNotEqualTo(held);
                    ids[i] = publish.packetId();
                }
                assertThat(Arrays.stream(ids).distinct().count()).isEqualTo(burst);
                for (int id : ids) {
                    seen.add(id);
                    subscriber.pubAck(id);
                }
            }
            assertThat(seen.size()).isBetween(65_000, 65_534);
            subscriber.pubRec(held).expectAcknowledgement(PacketType.PUBREL, held, 0);
        }
    }

    /** What was not acknowledged is unacknowledged on the next connection as well, with its id; PUBREL follows PUBREC only. */
    @Statement({
        "MQTT-3.3.1-1",
        "MQTT-4.3.2-3",
        "MQTT-4.3.3-3",
        "MQTT-4.3.3-4",
        "MQTT-4.3.3-5",
        "MQTT-4.3.3-6",
        "MQTT-4.4.0-1",
        "v3:MQTT-3.3.1-1",
        "v3:MQTT-4.3.2-1",
        "v3:MQTT-4.3.3-1",
        "v3:MQTT-4.4.0-1"
    })
    @ParameterizedTest
    @EnumSource
    void unfinishedExchangesGoOn(MqttVersion version) {
        String id = Steps.unique("s");
        String topic = Steps.unique("again/");
        int[] ids = new int[3];
        try (MqttRawClient first = open(version);
                MqttRawClient publisher = client(version)) {
            Steps.resume(first, version, id);
            Steps.subscribe(first, topic, 2);
            for (int i = 0; i < 3; i++) {
                Steps.publish(publisher, topic, "m" + i, i == 0 ? 1 : 2);
                ids[i] = first.expectPublish(topic, "m" + i).packetId();
            }
            first.pubRec(ids[2]).expectAcknowledgement(PacketType.PUBREL, ids[2], 0);
            Steps.ping(first);
        }
        for (int attempt = 0; attempt < 2; attempt++) {
            try (MqttRawClient next = open(version)) {
                Steps.resume(next, version, id);
                next.expectAcknowledgement(PacketType.PUBREL, ids[2], 0);
                for (int i = 0; i < 2; i++) {
                    Publish again = next.expectPublish(topic, "m" + i);
                    assertThat(again.dup()).isTrue();
                    assertThat(again.packetId()).isEqualTo(ids[i]);
                }
                // At no other time: nothing comes a second time on the same connection.
                Steps.ping(next);
            }
        }
    }

    /** A QoS 2 exchange, once begun, knows no expiry: not on its connection and not on the next one. */
    @Statement({"MQTT-4.3.3-7", "MQTT-4.3.3-13"})
    @Test
    void whatIsUnderWayDoesNotExpire() {
        String id = Steps.unique("s");
        String topic = Steps.unique("ex/");
        int packetId;
        try (MqttRawClient first = open(MqttVersion.V5);
                MqttRawClient publisher = client(MqttVersion.V5)) {
            first.connect(id, true, null, Steps.expiry(60)).expectAccepted();
            Steps.subscribe(first, topic, 2);
            publisher.publish(
                    topic, "x", packet -> packet.flags(2, false, false, 4).messageExpirySeconds(1));
            publisher.expectAcknowledgement(PacketType.PUBREC, 4, 0);
            packetId = first.expectPublish(topic, "x").packetId();
            publisher.publish(
                    topic, "y", packet -> packet.flags(2, false, false, 5).messageExpirySeconds(1));
            publisher.expectAcknowledgement(PacketType.PUBREC, 5, 0);
            Publish second = first.expectPublish(topic, "y");
            long since = System.nanoTime();
            Steps.await("the expiry", () -> System.nanoTime() - since > 1_050_000_000L);
            first.pubRec(second.packetId()).expectAcknowledgement(PacketType.PUBREL, second.packetId(), 0);
            first.pubComp(second.packetId());
            // What the publisher began is finished as well.
            publisher.pubRel(4).expectAcknowledgement(PacketType.PUBCOMP, 4, 0);
            publisher.pubRel(5).expectAcknowledgement(PacketType.PUBCOMP, 5, 0);
        }
        try (MqttRawClient next = open(MqttVersion.V5)) {
            next.connect(id, false, null, Steps.expiry(60)).expectAccepted();
            Publish again = next.expectPublish(topic, "x");
            assertThat(again.dup()).isTrue();
            assertThat(again.packetId()).isEqualTo(packetId);
            next.pubRec(packetId).expectAcknowledgement(PacketType.PUBREL, packetId, 0);
            next.pubComp(packetId);
            Steps.ping(next);
        }
    }

    @Statement("MQTT-4.3.3-9")
    @Test
    void aRefusedIdIsFreeAtOnce() {
        String topic = Steps.unique("q2/");
        try (MqttRawClient client = client(MqttVersion.V5);
                MqttRawClient subscriber = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, topic, 0);
            for (int i = 0; i < 3; i++) {
                client.publish("forbidden/a", "x", 2, 9);
                client.expectAcknowledgement(PacketType.PUBREC, 9, ReasonCode.NOT_AUTHORIZED);
                client.publish(topic, "m" + i, 2, 9).expectAcknowledgement(PacketType.PUBREC, 9, 0);
                client.pubRel(9).expectAcknowledgement(PacketType.PUBCOMP, 9, 0);
                subscriber.expectPublish(topic, "m" + i);
            }
        }
    }

    /** A client's ids are its own: the same number in both directions, and in SUBSCRIBE, are different things. */
    @Statement({"MQTT-2.2.1-3", "v3:MQTT-2.3.1-2", "v3:MQTT-2.3.1-3"})
    @ParameterizedTest
    @EnumSource
    void idsOfBothSidesAreIndependent(MqttVersion version) {
        String topic = Steps.unique("ids/");
        try (MqttRawClient client = client(version);
                MqttRawClient publisher = client(version)) {
            client.subscribe(1, topic, 2).expectSubAck(1, 2);
            client.publish("other/" + topic, "x", 2, 1).expectAcknowledgement(PacketType.PUBREC, 1, 0);
            publisher.publish(topic, "x", 2, 1).expectAcknowledgement(PacketType.PUBREC, 1, 0);
            Publish own = client.expectPublish(topic, "x");
            assertThat(own.packetId()).isEqualTo(1);
            client.pubRec(1).expectAcknowledgement(PacketType.PUBREL, 1, 0);
            client.pubRel(1).expectAcknowledgement(PacketType.PUBCOMP, 1, 0);
            client.pubComp(1);
            // Free again, for the same and for another packet.
            client.unsubscribe(1, topic).expectUnsubAck(1, 0);
            client.publish(topic, "y", 1, 1).expectPubAck(1);
        }
    }
}
