/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.access.FlappingConfig;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.Will;
import io.robustmq.protocol.AccessRule.Action;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users and rules as MQTT's clients meet them. */
class AccessTest {
    private static final Duration SILENCE = Duration.ofMillis(60);

    private OpenedAccess access;
    private InProcessBroker broker;

    @BeforeEach
    void start() {
        access = new OpenedAccess();
        broker = InProcessBroker.options().access(access.control()).start();
    }

    @AfterEach
    void stop() {
        broker.close();
        access.close();
    }

    private static Connect who(
            MqttVersion version, String id, @Nullable String user, @Nullable String password, @Nullable Will will) {
        boolean durable = id.startsWith("durable");
        MqttProperties properties = durable && version == MqttVersion.V5 ? Steps.expiry(3600) : MqttProperties.NONE;
        byte[] secret = password == null ? null : password.getBytes(StandardCharsets.UTF_8);
        return new Connect(version, id, !durable, 60, will, user, secret, properties);
    }

    private MqttRawClient open(MqttVersion version, Connect connect) {
        return MqttRawClient.open(broker.tcpPort(), version).connect(connect);
    }

    private MqttRawClient connected(MqttVersion version, String id, String user, String password) {
        MqttRawClient client = open(version, who(version, id, user, password, null));
        client.expectAccepted();
        return client;
    }

    private void refused(MqttVersion version, @Nullable String user, @Nullable String password, int v5, int v3) {
        try (MqttRawClient client = open(version, who(version, "c", user, password, null))) {
            client.expectRefused(version == MqttVersion.V5 ? v5 : v3);
        }
    }

    @Test
    void whoComesAndGoesTooOftenStaysOutside() {
        access.user("ann", "sesame");
        access.control().watchFlapping(new FlappingConfig(true, 2, 0, 600_000, 600_000, 100));
        for (int i = 0; i < 3; i++) {
            try (MqttRawClient client = connected(MqttVersion.V5, "flaps", "ann", "sesame")) {
                Steps.leave(client);
            }
            assertThat(access.control().flappingBans()).isEqualTo(i < 2 ? 0 : 1);
        }
        try (MqttRawClient banned = open(MqttVersion.V5, who(MqttVersion.V5, "flaps", "ann", "sesame", null));
                MqttRawClient old = open(MqttVersion.V3_1_1, who(MqttVersion.V3_1_1, "flaps", "ann", "sesame", null));
                MqttRawClient other = connected(MqttVersion.V5, "calm", "ann", "sesame")) {
            banned.expectRefused(ReasonCode.BANNED);
            old.expectRefused(5);
            Steps.ping(other);
        }
        assertThat(access.control().admin().bans("default"))
                .hasSize(1)
                .allMatch(ban -> ban.reason().equals("flapping"));
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void whoIsNobodyIsRefusedWithTheProtocolsCode(MqttVersion version) {
        refusesNobodyYet(version);
        access.user("ann", "sesame");
        refused(version, null, null, ReasonCode.NOT_AUTHORIZED, 5);
        refused(version, "ann", null, ReasonCode.BAD_USER_NAME_OR_PASSWORD, 4);
        refused(version, "ann", "wrong", ReasonCode.BAD_USER_NAME_OR_PASSWORD, 4);
        refused(version, "bob", "sesame", ReasonCode.BAD_USER_NAME_OR_PASSWORD, 4);
        try (MqttRawClient client = connected(version, "c", "ann", "sesame")) {
            Steps.ping(client);
        }
    }

    private void refusesNobodyYet(MqttVersion version) {
        try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), version, "first")) {
            Steps.ping(client);
        }
    }

    @Test
    void whatIsNotAllowedIsRefusedWithTheProtocolsCode() {
        access.user("ann", "sesame")
                .allow("r", "ann", Action.ALL, "plant.>")
                .deny("d", "ann", Action.ALL, "plant/secret/#");
        try (MqttRawClient client = connected(MqttVersion.V5, "c", "ann", "sesame")) {
            client.subscribe(1, "plant/1/temp", 1).expectSubAck(1, 1);
            client.subscribe(2, "other", 1).expectSubAck(2, ReasonCode.NOT_AUTHORIZED);
            client.subscribe(3, "plant/+/temp", 1).expectSubAck(3, ReasonCode.NOT_AUTHORIZED);
            client.subscribe(4, "$share/g/plant/secret", 1).expectSubAck(4, ReasonCode.NOT_AUTHORIZED);
            client.subscribe(5, "#", 1).expectSubAck(5, ReasonCode.NOT_AUTHORIZED);
            client.publish("plant/1/temp", "20");
            client.expectPublish("plant/1/temp", "20");
            for (String topic : new String[] {"plant/secret", "plant.secret/x", "other"}) {
                client.publish(topic, "x", 1, 7).expectAcknowledgement(PacketType.PUBACK, 7, ReasonCode.NOT_AUTHORIZED);
                client.publish(topic, "x", 2, 8).expectAcknowledgement(PacketType.PUBREC, 8, ReasonCode.NOT_AUTHORIZED);
            }
            client.publish("other", "x");
            Steps.ping(client);
        }
        try (MqttRawClient client = connected(MqttVersion.V3_1_1, "c", "ann", "sesame")) {
            client.subscribe(1, "other", 1).expectSubAck(1, 0x80);
            // [MQTT-3.3.5-2] of 3.1.1: a positive acknowledgement, and nobody gets it.
            client.publish("other", "x", 1, 2).expectPubAck(2);
        }
        assertThat(access.control().denied("mqtt")).isEqualTo(13);
        assertThat(access.control().denied("kafka")).isZero();
    }

    @Test
    void aWillThatWouldNotBePublishedIsRefusedAtOnce() {
        access.user("ann", "sesame").allow("r", "ann", Action.PUBLISH, "plant/#");
        Will bad = Steps.will("other", "gone", 1, false, MqttProperties.NONE);
        try (MqttRawClient client = open(MqttVersion.V5, who(MqttVersion.V5, "c", "ann", "sesame", bad))) {
            client.expectRefused(ReasonCode.NOT_AUTHORIZED);
        }
        Will good = Steps.will("plant/c", "gone", 1, false, MqttProperties.NONE);
        try (MqttRawClient client = open(MqttVersion.V5, who(MqttVersion.V5, "c", "ann", "sesame", good))) {
            client.expectAccepted();
        }
    }

    @Test
    void aChangeOfTheUserTakesItsConnectionsAway() {
        access.user("ann", "sesame").user("bob", "sesame").user("eve", "sesame");
        access.allow("r", "eve", Action.SUBSCRIBE, "#").allow("p", "ann", Action.PUBLISH, "#");
        Will will = Steps.will("will", "gone", 1, false, MqttProperties.NONE);
        try (MqttRawClient ann = open(MqttVersion.V5, who(MqttVersion.V5, "a", "ann", "sesame", will));
                MqttRawClient bob = connected(MqttVersion.V5, "b", "bob", "sesame");
                MqttRawClient eve = connected(MqttVersion.V5, "e", "eve", "sesame")) {
            ann.expectAccepted();
            eve.subscribe(1, "#", 1).expectSubAck(1, 1);
            access.delete("ann");
            ann.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
            ann.expectClose();
            access.password("bob", "other");
            bob.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
            // The will of somebody who may not be here any more is not published.
            eve.expectSilence(SILENCE);
            Steps.ping(eve);
        }
        refused(MqttVersion.V5, "bob", "sesame", ReasonCode.BAD_USER_NAME_OR_PASSWORD, 4);
        connected(MqttVersion.V5, "b", "bob", "other").close();
    }

    @Test
    void aFirstUserSendsNamelessConnectionsAway() {
        try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "c")) {
            Steps.subscribe(client, "a", 1);
            access.user("ann", "sesame");
            client.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
        }
    }

    @Test
    void aRevokedRuleHoldsForTheNextPublishAndForSubscriptions() {
        access.user("ann", "sesame")
                .allow("in", "ann", Action.SUBSCRIBE, "a/#")
                .allow("out", "ann", Action.PUBLISH, "#");
        try (MqttRawClient client = connected(MqttVersion.V5, "durable", "ann", "sesame")) {
            client.subscribe(1, "a/1", 1).expectSubAck(1, 1);
            client.publish("b", "1", 1, 2).expectPubAck(2);
            access.revoke("out");
            client.publish("b", "2", 1, 3).expectAcknowledgement(PacketType.PUBACK, 3, ReasonCode.NOT_AUTHORIZED);
            access.revoke("in");
            client.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
        }
        access.allow("out", "ann", Action.PUBLISH, "#");
        try (MqttRawClient client = open(MqttVersion.V5, who(MqttVersion.V5, "durable", "ann", "sesame", null))) {
            assertThat(client.expectAccepted().sessionPresent()).isTrue();
            client.publish("a/1", "x", 1, 2).expectPubAck(2);
            client.expectSilence(SILENCE);
        }
    }

    @Test
    void aSubscriptionThatIsRevokedWhileItsSessionSleepsDeliversNothing() {
        access.user("ann", "sesame").allow("all", "ann", Action.ALL, "#");
        try (MqttRawClient client = connected(MqttVersion.V5, "durable", "ann", "sesame")) {
            client.subscribe(1, "a/1", 1).expectSubAck(1, 1);
            client.subscribe(2, "b/1", 1).expectSubAck(2, 1);
            client.disconnect();
            client.expectClose();
        }
        access.deny("no", "ann", Action.SUBSCRIBE, "a/#");
        try (MqttRawClient other = connected(MqttVersion.V5, "other", "ann", "sesame")) {
            other.publish("a/1", "secret", 1, 1).expectPubAck(1);
            other.publish("b/1", "open", 1, 2).expectPubAck(2);
        }
        try (MqttRawClient client = open(MqttVersion.V5, who(MqttVersion.V5, "durable", "ann", "sesame", null))) {
            assertThat(client.expectAccepted().sessionPresent()).isTrue();
            client.expectPublish("b/1", "open");
            client.expectSilence(SILENCE);
        }
    }
}
