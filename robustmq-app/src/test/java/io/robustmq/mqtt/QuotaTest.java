/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.protocol.QuotaAdminPort.Quota;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits of tenants, users and clients as MQTT's clients meet them. All on one loop, so that who waits holds nobody else up. */
class QuotaTest {
    private InProcessBroker broker;

    @BeforeEach
    void start() {
        broker = InProcessBroker.options().loops(1).start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void set(Whom whom, String name, QuotaLimits limits) {
        broker.broker()
                .quotas()
                .admin()
                .set(new Quota(Tenants.DEFAULT, whom, name, limits))
                .toCompletableFuture()
                .join();
    }

    private MqttRawClient open(MqttVersion version, String id, @Nullable String user, int keepAliveSeconds) {
        return MqttRawClient.open(broker.tcpPort(), version)
                .connect(new Connect(version, id, true, keepAliveSeconds, null, user, null, MqttProperties.NONE));
    }

    private MqttRawClient connected(String id, @Nullable String user) {
        MqttRawClient client = open(MqttVersion.V5, id, user, 60);
        client.expectAccepted();
        return client;
    }

    private long paused() {
        return broker.broker().quotas().admin().use(Tenants.DEFAULT).paused();
    }

    @Test
    void whoPublishesMoreWaitsAndLosesNothing() {
        set(Whom.TENANT, "", QuotaLimits.NONE.withPublished(4, -1));
        try (MqttRawClient publisher = connected("p", null);
                MqttRawClient subscriber = connected("s", null)) {
            Steps.subscribe(subscriber, "q/#", 0);
            for (int i = 0; i < 4; i++) {
                publisher.publish("q/t", "m" + i);
            }
            Steps.ping(publisher);
            assertThat(paused()).isZero();
            long began = System.nanoTime();
            for (int i = 4; i < 8; i++) {
                publisher.publish("q/t", "m" + i);
            }
            publisher.pingReq();
            for (int i = 0; i < 8; i++) {
                subscriber.expectPublish("q/t", "m" + i);
            }
            // What others send is read while it waits.
            Steps.ping(subscriber);
            publisher.expectPingResp();
            assertThat(paused()).isBetween(1L, 4L);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(200));
        }
    }

    /** Longer than one and a half times its keep alive: who is not read cannot be late. */
    @Test
    void bytesAreCountedAndTheKeepAliveWaits() {
        set(Whom.EACH_CLIENT, "", QuotaLimits.NONE.withPublished(-1, 1000));
        try (MqttRawClient client = open(MqttVersion.V5, "c", null, 1)) {
            client.expectAccepted();
            client.publish("q", "x".repeat(999));
            Steps.ping(client);
            assertThat(paused()).isZero();
            client.publish("q", "x".repeat(1999)).pingReq();
            client.expectSilence(Duration.ofMillis(1_600));
            client.expectPingResp();
            assertThat(paused()).isEqualTo(1);
            assertThat(broker.counters().keepAliveTimeouts.sum()).isZero();
        }
    }

    @Test
    void thoseWhoShareALimitTakeTurns() {
        set(Whom.USER, "ann", QuotaLimits.NONE.withPublished(50, -1));
        try (MqttRawClient greedy = connected("greedy", "ann");
                MqttRawClient modest = connected("modest", "ann")) {
            for (int i = 0; i < 400; i++) {
                greedy.publish("q", "x");
            }
            for (int i = 0; i < 10; i++) {
                Steps.publish(modest, "q", "y");
            }
            assertThat(broker.counters().publishesReceived.sum()).isBetween(60L, 300L);
        }
    }

    @Test
    void othersOnTheSameLoopAreNotHeldUp() {
        set(Whom.EACH_USER, "", QuotaLimits.NONE.withPublished(1, -1));
        try (MqttRawClient slow = connected("slow", "ann");
                MqttRawClient free = connected("free", null);
                MqttRawClient other = connected("other", "bob")) {
            for (int i = 0; i < 100; i++) {
                slow.publish("q", "x");
            }
            for (int i = 0; i < 100; i++) {
                Steps.publish(free, "q", "y");
            }
            Steps.publish(other, "q", "z");
            assertThat(paused()).isBetween(1L, 20L);
        }
    }

    @Test
    void whoWaitsGoesOnWhenTheLimitIsLifted() {
        set(Whom.TENANT, "", QuotaLimits.NONE.withPublished(1, -1));
        try (MqttRawClient client = connected("c", null)) {
            for (int i = 0; i < 50; i++) {
                client.publish("q", "x");
            }
            client.pingReq();
            Steps.await("the first wait", () -> paused() > 0);
            broker.broker()
                    .quotas()
                    .admin()
                    .unset(Tenants.DEFAULT, Whom.TENANT, "")
                    .toCompletableFuture()
                    .join();
            client.expectPingResp();
            assertThat(broker.counters().publishesReceived.sum()).isEqualTo(50);
        }
    }

    @Test
    void whoLeavesWhileItWaitsIsGone() {
        set(Whom.TENANT, "", QuotaLimits.NONE.withPublished(1, -1));
        try (MqttRawClient client = connected("c", null)) {
            for (int i = 0; i < 50; i++) {
                client.publish("q", "x");
            }
            Steps.await("the first wait", () -> paused() > 0);
            try (MqttRawClient next = connected("c", null)) {
                client.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
                Steps.ping(next);
            }
        }
        Steps.await(
                "nobody there",
                () -> broker.broker().quotas().admin().use(Tenants.DEFAULT).connections() == 0);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void connectionsAreRefusedWithTheProtocolsCode(MqttVersion version) {
        set(Whom.TENANT, "", QuotaLimits.NONE.withConnections(1, -1));
        try (MqttRawClient first = connected("first", null)) {
            try (MqttRawClient second = open(version, "second", null, 0)) {
                second.expectRefused(version == MqttVersion.V5 ? ReasonCode.QUOTA_EXCEEDED : 3);
            }
            try (MqttRawClient again = connected("first", null)) {
                first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
                Steps.ping(again);
                Steps.leave(again);
            }
        }
        try (MqttRawClient second = open(version, "second", null, 0)) {
            second.expectAccepted();
        }
    }

    @Test
    void connectionsASecond() {
        set(Whom.USER, "ann", QuotaLimits.NONE.withConnections(-1, 1));
        try (MqttRawClient first = connected("a", "ann");
                MqttRawClient second = open(MqttVersion.V5, "b", "ann", 0);
                MqttRawClient other = connected("c", "bob")) {
            second.expectRefused(ReasonCode.QUOTA_EXCEEDED);
            Steps.ping(first);
            Steps.ping(other);
        }
    }

    @Test
    void sessionsThatSleepCountAndTheirOwnersComeBack() {
        set(Whom.TENANT, "", QuotaLimits.NONE.withKept(2, -1));
        try (MqttRawClient sleeper = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            Steps.resume(sleeper, MqttVersion.V5, "sleeper");
            Steps.leave(sleeper);
        }
        try (MqttRawClient online = connected("online", null);
                MqttRawClient third = open(MqttVersion.V5, "third", null, 0);
                MqttRawClient old = open(MqttVersion.V3_1_1, "old", null, 0)) {
            third.expectRefused(ReasonCode.QUOTA_EXCEEDED);
            old.expectRefused(3);
            Steps.ping(online);
            try (MqttRawClient sleeper = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                assertThat(Steps.resume(sleeper, MqttVersion.V5, "sleeper")).isTrue();
            }
        }
    }
}
