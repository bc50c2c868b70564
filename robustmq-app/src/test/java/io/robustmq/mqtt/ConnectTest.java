/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.mqtt.codec.Auth;
import io.robustmq.mqtt.codec.ConnAck;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.OutboundPublish;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.testkit.RawClient;
import io.robustmq.testkit.Statement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the first byte to CONNACK; the numbers are statements of MQTT 5.0, those with v3 of 3.1.1. */
class ConnectTest {
    private static InProcessBroker broker;

    /** Lets in whom the given answers let in; and nobody to what is forbidden. Stateless. */
    private record Doorman(BiFunction<ClientIdentity, byte @Nullable [], CompletionStage<Boolean>> answers)
            implements AccessPort {
        @Override
        public CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password) {
            return answers.apply(client, password);
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

    /** Everybody but the user "nobody" without the right password; answered by another thread, as a real check is. */
    private static CompletionStage<Boolean> isKnown(ClientIdentity client, byte @Nullable [] password) {
        boolean known = !"nobody".equals(client.userName())
                || password != null && new String(password, StandardCharsets.UTF_8).equals("open");
        return CompletableFuture.supplyAsync(() -> known);
    }

    @BeforeAll
    static void start() {
        MqttLimits defaults = MqttLimits.DEFAULTS;
        MqttLimits limits = new MqttLimits(
                1000,
                defaults.receiveMaximum(),
                defaults.topicAliasMaximum(),
                defaults.inflightMax(),
                defaults.queuedMessagesMax(),
                defaults.queuedBytesMax(),
                defaults.outboundBytesMax(),
                3600,
                300,
                1_500);
        broker = InProcessBroker.options()
                .limits(limits)
                .access(new Doorman(ConnectTest::isKnown))
                .start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static MqttRawClient open(MqttVersion version) {
        return MqttRawClient.open(broker.tcpPort(), version);
    }

    private static RawClient raw() {
        return RawClient.connect("127.0.0.1", broker.tcpPort());
    }

    /** 3.1.0-1, 3.14.0-1: nothing is said, not even by DISCONNECT. */
    @Statement({"MQTT-3.1.0-1", "MQTT-3.14.0-1", "v3:MQTT-3.1.0-1"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "c000",
                "e000",
                "300500036162 6378",
                "8206 0001 0001 61 00",
                "f000",
                "20020000",
                "00",
                "474554202f20485454502f312e310d0a"
            })
    void firstPacketMustBeConnect(String bytes) {
        try (RawClient client = raw()) {
            client.sendHex(bytes).expectClose();
        }
    }

    /** 3.1.0-2 */
    @Statement({"MQTT-3.1.0-2", "v3:MQTT-3.1.0-2", "v3:MQTT-4.8.0-1"})
    @ParameterizedTest
    @EnumSource
    void secondConnectIsAProtocolError(MqttVersion version) {
        try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"))) {
            client.connect("other", true).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
        }
    }

    /** 3.1.2-1, 3.1.2-2, v3:3.1.2-2: a return code of 3.x for levels below, a reason code for levels above. */
    @Statement({"MQTT-3.1.2-1", "MQTT-3.1.2-2", "v3:MQTT-3.1.2-1", "v3:MQTT-3.1.2-2"})
    @Test
    void unknownNamesAndLevelsAreRefused() {
        try (RawClient client = raw()) {
            client.sendHex("100d 0004 4d515454 03 02 0000 0001 63")
                    .expectHex("20020001")
                    .expectClose();
        }
        try (RawClient client = raw()) {
            client.sendHex("100e 0004 4d515454 06 02 0000 00 0001 63")
                    .expectHex("2003008400")
                    .expectClose();
        }
        try (RawClient client = raw()) {
            client.sendHex("100d 0004 4d515455 04 02 0000 0001 63")
                    .expectHex("20020001")
                    .expectClose();
        }
        try (RawClient client = raw()) {
            client.sendHex("100f 0006 4d5149736470 04 02 0000 0001 63")
                    .expectHex("20020001")
                    .expectClose();
        }
    }

    /** 3.1.2-3, -11, -12, -13, v3:3.1.2-22, 3.1.4-1: a CONNACK with the reason in MQTT 5, the close alone before. */
    @Statement({
        "MQTT-3.1.2-3",
        "MQTT-3.1.2-11",
        "MQTT-3.1.2-12",
        "MQTT-3.1.2-13",
        "MQTT-3.1.4-1",
        "v3:MQTT-3.1.2-3",
        "v3:MQTT-3.1.2-13",
        "v3:MQTT-3.1.2-14",
        "v3:MQTT-3.1.2-15",
        "v3:MQTT-3.1.4-1"
    })
    @ParameterizedTest
    @ValueSource(ints = {0x03, 0x0A, 0x1E, 0x22})
    void wrongFlagsAreRefused(int flags) {
        String hex = String.format("%02x", flags);
        String tail = (flags & 0x04) == 0 ? "" : "0001 77 0000";
        String tail5 = (flags & 0x04) == 0 ? "" : "00 0001 77 0000";
        int length = 13 + (tail.isEmpty() ? 0 : 5);
        try (RawClient client = raw()) {
            client.sendHex(String.format("10%02x 0004 4d515454 04 %s 0000 0001 63 %s", length, hex, tail))
                    .expectClose();
        }
        int length5 = 14 + (tail.isEmpty() ? 0 : 6);
        try (RawClient client = raw()) {
            client.sendHex(String.format("10%02x 0004 4d515454 05 %s 0000 00 0001 63 %s", length5, hex, tail5))
                    .expectHex("2003008100")
                    .expectClose();
        }
    }

    /** 3.1.2-16 to -19, v3:3.1.2-22: the fields are there exactly when their flags are. */
    @Statement({
        "MQTT-3.1.2-16",
        "MQTT-3.1.2-17",
        "MQTT-3.1.2-18",
        "MQTT-3.1.2-19",
        "v3:MQTT-3.1.2-18",
        "v3:MQTT-3.1.2-19",
        "v3:MQTT-3.1.2-20",
        "v3:MQTT-3.1.2-21",
        "v3:MQTT-3.1.2-22"
    })
    @Test
    void userNameAndPasswordFollowTheirFlags() {
        try (RawClient missing = raw()) {
            missing.sendHex("100d 0004 4d515454 04 82 0000 0001 63").expectClose();
        }
        try (RawClient unannounced = raw()) {
            unannounced.sendHex("1010 0004 4d515454 04 02 0000 0001 63 0001 75").expectClose();
        }
        try (RawClient alone = raw()) {
            alone.sendHex("1010 0004 4d515454 04 42 0000 0001 63 0001 70").expectClose();
        }
        try (MqttRawClient alone = open(MqttVersion.V5)) {
            alone.connect(credentials(MqttVersion.V5, null, "secret")).expectAccepted();
        }
    }

    private static Connect credentials(MqttVersion version, @Nullable String user, @Nullable String password) {
        byte[] secret = password == null ? null : password.getBytes(StandardCharsets.UTF_8);
        return new Connect(version, Steps.unique("u"), true, 0, null, user, secret, MqttProperties.NONE);
    }

    /** Clients that leave while they wait at the door leave nothing behind, however many of them share an id. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavingWhileWaiting(boolean allowed) {
        ConcurrentLinkedQueue<CompletableFuture<Boolean>> waiting = new ConcurrentLinkedQueue<>();
        AccessPort slow = new Doorman((client, password) -> {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            waiting.add(answer);
            return answer;
        });
        int count = 30;
        try (ErrorLog log = ErrorLog.watch();
                InProcessBroker own =
                        InProcessBroker.options().loops(3).access(slow).start()) {
            for (int i = 0; i < count; i++) {
                MqttRawClient client = MqttRawClient.open(own.tcpPort(), MqttVersion.V5);
                client.connect("c" + i % 3, i % 2 == 0, null, Steps.expiry(i % 5 == 0 ? 1 : 0))
                        .pingReq();
                int waitingNow = i + 1;
                Steps.await("the check", () -> waiting.size() == waitingNow);
                if (i % 2 == 0) {
                    client.close();
                } else {
                    client.raw().reset();
                }
            }
            waiting.forEach(answer -> answer.complete(allowed));
            Steps.await("the connections' end", () -> own.server().connections().size() == 0);
            Steps.await(
                    "the sessions' end", () -> own.broker().ports().sessions().count() == 0);
            log.expectNothing();
        }
    }

    /** 3.1.4-2, 3.1.4-6; nothing behind a refused CONNECT is handled. */
    @Statement({"MQTT-3.1.4-2", "MQTT-3.1.4-6", "MQTT-3.2.2-7", "v3:MQTT-3.1.4-5", "v3:MQTT-3.2.2-5"})
    @ParameterizedTest
    @EnumSource
    void badCredentialsAreRefused(MqttVersion version) {
        try (MqttRawClient client = open(version)) {
            client.connect(credentials(version, "nobody", "open")).expectAccepted();
        }
        int code = version == MqttVersion.V5 ? ReasonCode.BAD_USER_NAME_OR_PASSWORD : 4;
        try (MqttRawClient client = open(version)) {
            client.connect(credentials(version, "nobody", "shut")).publish("not/heard", "x", 1, 1);
            client.expectRefused(code);
        }
        try (MqttRawClient client = open(version)) {
            client.connect(credentials(version, "nobody", null)).expectRefused(code);
        }
        assertThat(broker.records("mqtt")).noneMatch(record -> record.subject().equals("not/heard"));
    }

    /** 3.1.3-6, 3.1.3-7, 3.2.2-16, v3:3.1.3-7, v3:3.1.3-8; 3.1 wants an id always. */
    @Statement({
        "MQTT-3.1.3-6",
        "MQTT-3.1.3-7",
        "MQTT-3.1.3-8",
        "MQTT-3.2.2-16",
        "v3:MQTT-3.1.3-6",
        "v3:MQTT-3.1.3-7",
        "v3:MQTT-3.1.3-8",
        "v3:MQTT-3.1.3-9"
    })
    @Test
    void emptyClientIds() {
        try (MqttRawClient client = open(MqttVersion.V3_1)) {
            client.connect("", true).expectRefused(2);
        }
        try (MqttRawClient client = open(MqttVersion.V3_1_1)) {
            client.connect("", false).expectRefused(2);
        }
        try (MqttRawClient one = open(MqttVersion.V3_1_1);
                MqttRawClient two = open(MqttVersion.V3_1_1)) {
            one.connect("", true).expectAccepted();
            two.connect("", true).expectAccepted();
            Steps.ping(one);
        }
        for (boolean clean : new boolean[] {true, false}) {
            try (MqttRawClient one = open(MqttVersion.V5);
                    MqttRawClient two = open(MqttVersion.V5)) {
                String first = assignedId(one.connect("", clean).expectAccepted());
                assertThat(assignedId(two.connect("", clean).expectAccepted())).isNotEqualTo(first);
                Steps.ping(one);
            }
        }
    }

    private static String assignedId(ConnAck connAck) {
        String id = connAck.properties().string(PropertyId.ASSIGNED_CLIENT_IDENTIFIER);
        assertThat(id).isNotEmpty();
        return id;
    }

    /** 3.1.3-6: an assigned id is like one of the client's own, so its session can be taken up. */
    @Statement("MQTT-3.1.3-7")
    @Test
    void anAssignedIdCanBeUsedAgain() {
        String id;
        try (MqttRawClient client = open(MqttVersion.V5)) {
            id = assignedId(client.connect("", true, null, Steps.expiry(60)).expectAccepted());
            Steps.leave(client);
        }
        try (MqttRawClient client = open(MqttVersion.V5)) {
            ConnAck connAck = client.connect(id, false).expectAccepted();
            assertThat(connAck.sessionPresent()).isTrue();
            assertThat(connAck.properties().has(PropertyId.ASSIGNED_CLIENT_IDENTIFIER))
                    .isFalse();
        }
    }

    /** 3.1.3-5: more than 23 bytes and any character are taken, by all versions. */
    @ParameterizedTest
    @EnumSource
    void longAndStrangeClientIds(MqttVersion version) {
        for (String id : new String[] {"x".repeat(24), "x".repeat(500), "Gerät/1 #+$ \uFEFF日本"}) {
            try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), version, id)) {
                Steps.ping(client);
            }
        }
    }

    /** Tells what the client cannot guess, and nothing that is the default (3.2.2-9, 3.2.2-15, 3.2.2-17, 3.1.2-28). */
    @Test
    void connAckNamesTheLimits() {
        try (MqttRawClient client = open(MqttVersion.V5)) {
            MqttProperties told = client.connect(
                            new Connect(MqttVersion.V5, Steps.unique("c"), true, 60, null, null, null, Steps.expiry(5)))
                    .expectAccepted()
                    .properties();
            assertThat(told.number(PropertyId.RECEIVE_MAXIMUM, -1)).isEqualTo(1024);
            assertThat(told.number(PropertyId.TOPIC_ALIAS_MAXIMUM, -1)).isEqualTo(32);
            assertThat(told.number(PropertyId.MAXIMUM_PACKET_SIZE, -1)).isEqualTo(1000);
            for (int absent : new int[] {
                PropertyId.SHARED_SUBSCRIPTION_AVAILABLE,
                PropertyId.MAXIMUM_QOS,
                PropertyId.SERVER_KEEP_ALIVE,
                PropertyId.SESSION_EXPIRY_INTERVAL,
                PropertyId.ASSIGNED_CLIENT_IDENTIFIER,
                PropertyId.RESPONSE_INFORMATION,
                PropertyId.AUTHENTICATION_METHOD,
                PropertyId.USER_PROPERTY
            }) {
                assertThat(told.has(absent)).as("property %d", absent).isFalse();
            }
            assertThat(told.number(PropertyId.RETAIN_AVAILABLE, 1)).isEqualTo(1);
            assertThat(told.number(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, 1))
                    .isEqualTo(1);
            assertThat(told.number(PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 1))
                    .isEqualTo(1);
        }
    }

    /** 3.2.2-21 and the session expiry that was cut; both sides of both limits. */
    @Statement({"MQTT-3.2.2-21", "rule:expiry-in-connack"})
    @Test
    void connAckNamesWhatWasCut() {
        assertThat(cut(300, 3600)).containsExactly(-1, -1);
        assertThat(cut(301, 3601)).containsExactly(300, 3600);
        assertThat(cut(0, 0xFFFF_FFFFL)).containsExactly(300, 3600);
        assertThat(cut(0, 0)).containsExactly(300, -1);
    }

    private static long[] cut(int keepAlive, long expiry) {
        try (MqttRawClient client = open(MqttVersion.V5)) {
            MqttProperties told = client.connect(new Connect(
                            MqttVersion.V5, Steps.unique("c"), true, keepAlive, null, null, null, Steps.expiry(expiry)))
                    .expectAccepted()
                    .properties();
            return new long[] {
                told.number(PropertyId.SERVER_KEEP_ALIVE, -1), told.number(PropertyId.SESSION_EXPIRY_INTERVAL, -1)
            };
        }
    }

    /** Receive Maximum 0 and Maximum Packet Size 0, properties twice or out of place: section 11. */
    @Statement({"rule:property-not-legal", "rule:property-twice"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "82 03 210000",
                "82 05 2700000000",
                "82 04 17011700",
                "82 02 1702",
                "82 03 160000",
                "81 03 230001",
                "81 02 2a01",
                "81 03 210a"
            })
    void wrongPropertiesOfConnect(String codeAndBlock) {
        String code = codeAndBlock.substring(0, 2);
        String block = codeAndBlock.substring(3).replace(" ", "");
        int length = 13 + block.length() / 2;
        try (RawClient client = raw()) {
            client.sendHex(String.format("10%02x 0004 4d515454 05 02 0000 %s 0001 63", length, block))
                    .expectHex("200300" + code + "00")
                    .expectClose();
        }
    }

    /** 4.12.0-1, 4.12.0-6, 4.12.0-7 */
    @Statement({"MQTT-4.12.0-1", "MQTT-4.12.0-4", "MQTT-4.12.0-7", "rule:authentication-method"})
    @Test
    void enhancedAuthenticationIsAnswered() {
        try (MqttRawClient client = open(MqttVersion.V5)) {
            MqttProperties method = MqttProperties.builder()
                    .string(PropertyId.AUTHENTICATION_METHOD, "SCRAM-SHA-256")
                    .binary(PropertyId.AUTHENTICATION_DATA, new byte[] {1})
                    .build();
            client.connect(Steps.unique("c"), true, null, method).expectRefused(ReasonCode.BAD_AUTHENTICATION_METHOD);
        }
        try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("c"))) {
            Auth auth = new Auth(
                    ReasonCode.RE_AUTHENTICATE,
                    MqttProperties.builder()
                            .string(PropertyId.AUTHENTICATION_METHOD, "x")
                            .build());
            client.send(out -> MqttEncoder.auth(out, auth.reasonCode(), auth.properties(), Integer.MAX_VALUE))
                    .expectDisconnect(ReasonCode.PROTOCOL_ERROR);
        }
    }

    /** 3.1.2-29: without problem information no reason string in DISCONNECT, with it there is one. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void reasonsAreGivenToThoseWhoAsk(int wanted) {
        try (MqttRawClient client = open(MqttVersion.V5)) {
            client.connect(Steps.unique("c"), true, null, Steps.number(PropertyId.REQUEST_PROBLEM_INFORMATION, wanted))
                    .expectAccepted();
            client.connect("again", true);
            assertThat(client.expect(Disconnect.class).properties().has(PropertyId.REASON_STRING))
                    .isEqualTo(wanted == 1);
            client.expectClose();
        }
    }

    /** Section 3.1.4: who never says CONNECT is sent away; part of a CONNECT is not one. */
    @Statement("rule:no-connect")
    @Test
    void connectHasToComeInTime() {
        try (RawClient silent = raw();
                RawClient slow = raw();
                MqttRawClient quiet = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("c"))) {
            slow.sendHex("100e 0004 4d51");
            slow.expectClose();
            silent.expectClose();
            Steps.ping(quiet);
        }
    }

    /** The largest packet counts its header (3.2.2-15); one byte more is refused at its first bytes. */
    @Statement("MQTT-3.2.2-15")
    @ParameterizedTest
    @EnumSource
    void largestPacket(MqttVersion version) {
        int overhead = version == MqttVersion.V5 ? 3 + 2 + 1 + 1 : 3 + 2 + 1;
        try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"))) {
            client.publish("t", "x".repeat(1000 - overhead));
            Steps.ping(client);
            client.publish("t", "x".repeat(1001 - overhead)).expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
        }
        try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"))) {
            client.raw().sendHex("30ffffff7f");
            client.expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
        }
    }

    /** Section 3.3.5 and v3:3.3.5-2: told in the acknowledgement, or acknowledged and discarded; 0x87 or 0x80 per filter. */
    @Statement({"MQTT-3.9.3-2", "v3:MQTT-3.3.5-2", "v3:MQTT-3.9.3-2", "rule:publish-refused"})
    @ParameterizedTest
    @EnumSource
    void whatIsNotAllowedIsAnsweredPerPacket(MqttVersion version) {
        int refused = version == MqttVersion.V5 ? ReasonCode.NOT_AUTHORIZED : 0;
        try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"))) {
            client.subscribe(
                            1,
                            MqttProperties.NONE,
                            new SubscriptionRequest("forbidden/#", 1),
                            new SubscriptionRequest("allowed/#", 1))
                    .expectSubAck(1, version == MqttVersion.V5 ? ReasonCode.NOT_AUTHORIZED : 0x80, 1);
            client.publish("forbidden/a", "x", 1, 5).expectAcknowledgement(PacketType.PUBACK, 5, refused);
            client.publish("forbidden/a", "x", 2, 6).expectAcknowledgement(PacketType.PUBREC, 6, refused);
            Steps.publish(client, "forbidden/a", "x", 0);
            Steps.ping(client);
        }
        assertThat(broker.records("mqtt")).noneMatch(record -> record.subject().startsWith("forbidden"));
    }

    /** Section 4.2: TCP is a stream; a whole conversation in one segment is answered in order. */
    @Statement({"MQTT-3.12.4-1", "MQTT-4.2.0-1", "v3:MQTT-3.12.4-1", "v3:MQTT-7.1.1-1"})
    @ParameterizedTest
    @EnumSource
    void severalPacketsInOneSegment(MqttVersion version) {
        String topic = Steps.unique("t/");
        try (MqttRawClient client = open(version)) {
            client.raw().send(conversation(version, topic));
            expectConversation(client, topic);
        }
    }

    @Statement({"MQTT-4.2.0-1", "v3:MQTT-7.1.1-1"})
    @ParameterizedTest
    @EnumSource
    void onePacketByteByByte(MqttVersion version) {
        String topic = Steps.unique("t/");
        try (MqttRawClient client = open(version)) {
            client.raw().sendSlowly(conversation(version, topic));
            expectConversation(client, topic);
        }
    }

    /** CONNECT, SUBSCRIBE, PUBLISH at QoS 1, PINGREQ, DISCONNECT as bytes. */
    static byte[] conversation(MqttVersion version, String topic) {
        ByteBuf out = Unpooled.buffer();
        ByteBuf name = Unpooled.wrappedBuffer(topic.getBytes(StandardCharsets.UTF_8));
        MqttClientEncoder.connect(out, Steps.connect(version, Steps.unique("c"), true, MqttProperties.NONE));
        MqttClientEncoder.subscribe(out, version, 1, List.of(new SubscriptionRequest(topic, 0)), MqttProperties.NONE);
        MqttEncoder.publish(
                out,
                version,
                new OutboundPublish()
                        .flags(1, false, false, 2)
                        .topic(name, 0, name.readableBytes())
                        .payload(name, 0, name.readableBytes()));
        MqttClientEncoder.pingReq(out);
        return ByteBufUtil.getBytes(out);
    }

    /** The answers; delivery, PUBACK and PINGRESP are free in their order towards each other. */
    static void expectConversation(MqttRawClient client, String topic) {
        client.expectAccepted();
        client.expectSubAck(1, 0);
        int seen = 0;
        for (int i = 0; i < 3; i++) {
            Object packet = client.expect(Object.class);
            if (packet instanceof MqttRawClient.PingResp) {
                seen |= 1;
            } else if (packet instanceof MqttRawClient.Acknowledgement ack && ack.packetId() == 2) {
                seen |= 2;
            } else if (packet instanceof MqttRawClient.Publish publish
                    && publish.topic().equals(topic)
                    && publish.text().equals(topic)) {
                seen |= 4;
            }
        }
        assertThat(seen).isEqualTo(7);
        Steps.leave(client);
    }
}
