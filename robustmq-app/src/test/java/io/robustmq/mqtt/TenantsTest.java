/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.Will;
import io.robustmq.mqtt.connection.MqttListener;
import io.robustmq.mqtt.connection.MqttListener.FromCertificate;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.AccessRule.Who;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.QuotaAdminPort.Quota;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import io.robustmq.protocol.TenantPort;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tenants see nothing of each other: the same names in three of them. */
class TenantsTest {
    private static final Duration SILENCE = Duration.ofMillis(60);
    private static final String BLUE = "blue:ann";
    private static final String RED = "red:ann";
    private static final String DEFAULT = "ann";

    private final InMemoryMeta meta = new InMemoryMeta();
    private OpenedAccess access;
    private InProcessBroker broker;

    @BeforeEach
    void start() {
        access = new OpenedAccess(meta);
        broker = InProcessBroker.options()
                .meta(meta)
                .access(access.control())
                .listeners(equipment -> List.of(ListenerSpec.tcp(
                                "mqtt",
                                0,
                                equipment.of(
                                        new MqttListener(1 << 20, FromCertificate.NONE, FromCertificate.NONE, "red")))
                        .withTitle("red")))
                .start();
        add("blue");
        add("red");
        access.user("default", "ann", "default-pw", true);
        access.user("blue", "ann", "blue-pw", true);
        access.user("red", "ann", "red-pw", true);
    }

    @AfterEach
    void stop() {
        broker.close();
        access.close();
    }

    private TenantPort tenants() {
        return broker.broker().ports().tenants();
    }

    private void add(String tenant) {
        tenants().add(tenant).toCompletableFuture().join();
    }

    private static @Nullable RmqError failure(CompletionStage<?> stage) {
        return stage.handle((done, failure) -> failure == null ? null : RmqException.errorOf(failure))
                .toCompletableFuture()
                .join();
    }

    private static Connect who(String id, String user, String password, boolean clean, @Nullable Will will) {
        return new Connect(
                MqttVersion.V5,
                id,
                clean,
                0,
                will,
                user,
                password.getBytes(StandardCharsets.UTF_8),
                clean ? MqttProperties.NONE : Steps.expiry(600));
    }

    private static String passwordOf(String user) {
        int at = user.indexOf(':');
        return (at < 0 ? "default" : user.substring(0, at)) + "-pw";
    }

    private MqttRawClient connected(String id, String user) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)
                .connect(who(id, user, passwordOf(user), true, null));
        client.expectAccepted();
        return client;
    }

    private void refused(String user, String password) {
        try (MqttRawClient client =
                MqttRawClient.open(broker.tcpPort(), MqttVersion.V5).connect(who("x", user, password, true, null))) {
            client.expectRefused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }
    }

    @Test
    void theSameTopicClientIdAndFilterInThreeTenants() {
        try (MqttRawClient blue = connected("same", BLUE);
                MqttRawClient red = connected("same", RED);
                MqttRawClient own = connected("same", DEFAULT)) {
            List<MqttRawClient> all = List.of(blue, red, own);
            all.forEach(each -> Steps.subscribe(each, "#", 0));
            all.forEach(each -> each.subscribe(7, "$share/g/#", 0).expectSubAck(7, 0));
            List<String> texts = List.of("blue", "red", "own");
            for (int i = 0; i < 3; i++) {
                all.get(i).publish("t/1", texts.get(i));
            }
            for (int i = 0; i < 3; i++) {
                all.get(i).expectPublish("t/1", texts.get(i));
                all.get(i).expectPublish("t/1", texts.get(i));
                Steps.ping(all.get(i));
            }
            assertThat(broker.broker().sessions().count("blue")).isEqualTo(1);
            assertThat(tenants().show("red").toCompletableFuture().join().connections())
                    .isEqualTo(1);
        }
        assertThat(broker.records("mqtt")).hasSize(1);
    }

    @Test
    void theNodeSpeaksOfItselfToTheDefaultTenantOnly() {
        try (MqttRawClient blue = connected("b", BLUE);
                MqttRawClient own = connected("d", DEFAULT)) {
            blue.subscribe(1, "$SYS/#", 0).expectSubAck(1, ReasonCode.NOT_AUTHORIZED);
            blue.subscribe(2, "$share/g/$SYS/#", 0).expectSubAck(2, ReasonCode.NOT_AUTHORIZED);
            Steps.subscribe(own, "$SYS/#", 0);
            own.expect(MqttRawClient.Publish.class);
            blue.expectSilence(SILENCE);
        }
    }

    @Test
    void retainedMessagesAndWillsStayInTheirTenant() {
        try (MqttRawClient blue = connected("b", BLUE);
                MqttRawClient red = connected("r", RED)) {
            Steps.retain(blue, "kept", "of blue");
            Steps.subscribe(red, "#", 0);
            red.expectSilence(SILENCE);
            Steps.subscribe(blue, "#", 0);
            blue.expectPublish("kept", "of blue");
            Will will = Steps.will("gone", "from blue", 0, true, MqttProperties.NONE);
            try (MqttRawClient dying = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)
                    .connect(who("dying", BLUE, "blue-pw", true, will))) {
                dying.expectAccepted();
            }
            blue.expectPublish("gone", "from blue");
            red.expectSilence(SILENCE);
        }
    }

    @Test
    void sleepingSessionsOfOneNameWakeUpToTheirOwnMessages() {
        for (String user : List.of(BLUE, RED)) {
            try (MqttRawClient sleeper = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)
                    .connect(who("sleeper", user, passwordOf(user), false, null))) {
                assertThat(sleeper.expectAccepted().sessionPresent()).isFalse();
                Steps.subscribe(sleeper, "#", 1);
                Steps.leave(sleeper);
            }
        }
        try (MqttRawClient publisher = connected("p", RED)) {
            Steps.publish(publisher, "t", "red");
        }
        try (MqttRawClient blue = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)
                        .connect(who("sleeper", BLUE, "blue-pw", false, null));
                MqttRawClient red = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)
                        .connect(who("sleeper", RED, "red-pw", false, null))) {
            assertThat(blue.expectAccepted().sessionPresent()).isTrue();
            assertThat(red.expectAccepted().sessionPresent()).isTrue();
            Steps.receive(red, "t", "red", 1);
            blue.expectSilence(SILENCE);
        }
    }

    @Test
    void passwordsAndRulesAreThoseOfTheTenant() {
        refused(BLUE, "red-pw");
        refused("green:ann", "blue-pw");
        refused("blue:", "blue-pw");
        access.user("blue", "bob", "blue-pw", false).user("red", "bob", "red-pw", false);
        access.rule(AccessRule.ofSubject("blue", "r", Effect.ALLOW, Who.USER, "bob", Action.ALL, "#"));
        try (MqttRawClient blue = connected("b", "blue:bob");
                MqttRawClient red = connected("r", "red:bob")) {
            blue.subscribe(1, "t", 0).expectSubAck(1, 0);
            red.subscribe(1, "t", 0).expectSubAck(1, ReasonCode.NOT_AUTHORIZED);
        }
        assertThat(access.control().admin().count("blue")).isEqualTo(2);
    }

    @Test
    void aListenerMayBelongToATenant() {
        int port = broker.server().address("mqtt-red").getPort();
        try (MqttRawClient red =
                        MqttRawClient.open(port, MqttVersion.V5).connect(who("r", "ann", "red-pw", true, null));
                MqttRawClient liar =
                        MqttRawClient.open(port, MqttVersion.V5).connect(who("l", BLUE, "blue-pw", true, null))) {
            red.expectAccepted();
            liar.expectRefused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
            try (MqttRawClient other = connected("o", RED)) {
                Steps.subscribe(red, "#", 0);
                Steps.publish(other, "t", "x", 0);
                red.expectPublish("t", "x");
            }
        }
    }

    @Test
    void quotasAreThoseOfTheTenant() {
        broker.broker()
                .quotas()
                .admin()
                .set(new Quota("blue", Whom.TENANT, "", QuotaLimits.NONE.withConnections(1, -1)))
                .toCompletableFuture()
                .join();
        try (MqttRawClient first = connected("1", BLUE);
                MqttRawClient red = connected("1", RED);
                MqttRawClient red2 = connected("2", RED);
                MqttRawClient second = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)
                        .connect(who("2", BLUE, "blue-pw", true, null))) {
            second.expectRefused(ReasonCode.QUOTA_EXCEEDED);
            Steps.ping(first);
            Steps.ping(red);
            Steps.ping(red2);
        }
    }

    @Test
    void namesThatWouldChangeTheirMeaningAreRefused() {
        assertThat(failure(tenants().add("blue"))).isEqualTo(RmqError.TOPIC_EXISTS);
        for (String bad : List.of("", "a:b", "a.b", "x".repeat(65), "a/b")) {
            assertThat(failure(tenants().add(bad))).as(bad).isEqualTo(RmqError.INVALID_NAME);
        }
        assertThat(failure(tenants().add("x".repeat(64)))).isNull();
        access.user("default", "green:bob", "pw", false);
        assertThat(failure(tenants().add("green"))).isEqualTo(RmqError.POLICY_VIOLATION);
        byte[] password = {1};
        assertThat(failure(access.control().admin().addUser("default", "blue:bob", password, false)))
                .isEqualTo(RmqError.INVALID_NAME);
        assertThat(failure(access.control().admin().addUser("green", "bob", password, false)))
                .isEqualTo(RmqError.NOT_FOUND);
    }

    @Test
    void onlyAnEmptyTenantIsDeletedAndNothingOfItComesBack() {
        assertThat(failure(tenants().delete(Tenants.DEFAULT))).isEqualTo(RmqError.POLICY_VIOLATION);
        assertThat(failure(tenants().delete("green"))).isEqualTo(RmqError.NOT_FOUND);
        access.rule(AccessRule.ofSubject("blue", "r", Effect.DENY, Who.ALL, "", Action.ALL, "secret/#"));
        try (MqttRawClient blue = connected("b", BLUE)) {
            Steps.publish(blue, "t", "x");
            assertThat(failure(tenants().delete("blue"))).isEqualTo(RmqError.POLICY_VIOLATION);
        }
        Steps.await(
                "the end of the connection",
                () -> tenants().show("blue").toCompletableFuture().join().sessions() == 0);
        assertThat(failure(tenants().delete("blue"))).as("there is ann").isEqualTo(RmqError.POLICY_VIOLATION);
        access.control().admin().deleteUser("blue", "ann").toCompletableFuture().join();
        assertThat(failure(tenants().delete("blue"))).isNull();
        assertThat(tenants().names()).containsExactly("default", "red");
        refused(BLUE, "blue-pw");
        add("blue");
        assertThat(access.control().admin().rules("blue")).isEmpty();
        access.user("blue", "ann", "blue-pw", true);
        try (MqttRawClient blue = connected("b", BLUE)) {
            Steps.publish(blue, "t", "y");
        }
        assertThat(broker.records("blue", "mqtt")).hasSize(1);
    }
}
