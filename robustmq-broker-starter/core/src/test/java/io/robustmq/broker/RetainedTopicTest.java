/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.broker.coordinator.CoordinatorLog;
import io.robustmq.broker.coordinator.CoordinatorTenure;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.TopicPort.TopicDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Retained messages in {@code __retained}, on an engine whose appends take time and fail. */
class RetainedTopicTest {
    private final SlowEngine durable = new SlowEngine();
    private final SimScheduler scheduler = new SimScheduler(1);
    private final List<String> events = new ArrayList<>();
    private BrokerFixture fixture = start(config(1000, 1 << 20));
    private Loop loop = fixture.loops.get(0);
    private Publisher publisher = fixture.publisher("device", loop, this::ack);

    private BrokerFixture start(BrokerConfig config) {
        return new BrokerFixture(scheduler, 1, List.of(durable), new AllowAll(), config);
    }

    private static BrokerConfig config(long countMax, long bytesMax) {
        BrokerConfig all =
                BrokerConfig.of(new NodeId(1), 1, List.of(BrokerFixture.MQTT), Map.of("mqtt", Capture.ALL), "");
        return all.withRetainedMax(countMax, bytesMax);
    }

    private void restart(BrokerConfig config) {
        fixture = fixture.restarted(config);
        loop = fixture.loops.get(0);
        publisher = fixture.publisher("device", loop, this::ack);
    }

    private void ack(long token, long offset, @Nullable RmqError error) {
        events.add("ack " + token + (error == null ? "" : " " + error));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private @Nullable RmqError retain(String topic, String payload, int qos, long token) {
        return publisher.publish(
                BrokerFixture.message(topic, payload, qos).retain(true).token(token));
    }

    private List<String> retained() {
        List<String> found = new ArrayList<>();
        fixture.ports
                .retained()
                .match(
                        Tenants.DEFAULT,
                        Spelling.SLASH,
                        "#",
                        message -> found.add(message.subject() + "=" + BrokerFixture.text(message.payload())));
        found.sort(null);
        return found;
    }

    private int kept() {
        return fixture.records(InternalTopics.RETAINED).size();
    }

    @Test
    void isAcknowledgedShownAndDeliveredWhenBothTopicsHaveIt() {
        RecordingSink sink = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("#"));
        durable.appendMillis = () -> 50;
        loop.execute(() -> {
            retain("r", "one", 1, 1);
            BrokerFixture.publish(publisher, "r", "two", 0, Publish.NO_TOKEN);
        });
        scheduler.runForMillis(40);
        assertThat(fixture.records("mqtt")).hasSize(2);
        assertThat(events).isEmpty();
        assertThat(retained()).isEmpty();
        assertThat(sink.received)
                .as("a subscriber that comes now must not miss it")
                .isEmpty();

        scheduler.runForMillis(30);
        assertThat(events).containsExactly("ack 1");
        assertThat(retained()).containsExactly("r=one");
        assertThat(sink.received).containsExactly("r=one", "r=two");
        assertThat(kept()).isEqualTo(1);
    }

    @Test
    void whatComesBehindItKeepsItsPlace() {
        RecordingSink sink = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("#"));
        durable.appendMillis = () -> 50;
        fixture.on(loop, () -> retain("r", "1", 1, 1));
        loop.execute(() -> retain("r", "2", 1, 2));
        scheduler.runForMillis(10);
        loop.execute(() -> BrokerFixture.publish(publisher, "r", "3", 1, 3));
        scheduler.runForMillis(10);
        loop.execute(() -> BrokerFixture.publish(publisher, "r", "4", 0, Publish.NO_TOKEN));
        scheduler.runUntilQuiet();

        assertThat(sink.received).containsExactly("r=1", "r=2", "r=3", "r=4");
        assertThat(events).containsExactly("ack 1", "ack 2", "ack 3");
        assertThat(fixture.budget.usedBytes()).isZero();
    }

    @Test
    void aFailureOfEitherFailsThePublishAndNoOther() {
        fixture.on(loop, () -> retain("r", "old", 1, 1));
        durable.appendMillis = () -> -5;
        fixture.on(loop, () -> {
            BrokerFixture.publish(publisher, "r", "plain", 1, 2);
            retain("r", "new", 1, 3);
            BrokerFixture.publish(publisher, "r", "plain", 1, 4);
        });

        assertThat(events).containsExactly("ack 1", "ack 2", "ack 3 STORAGE_FAILED", "ack 4");
        assertThat(retained()).as("it never happened").containsExactly("r=old");
        assertThat(fixture.broker.retained().metrics().reloads.sum()).isEqualTo(1);

        durable.appendMillis = () -> 5;
        fixture.on(loop, () -> retain("r", "newer", 1, 5));
        assertThat(retained()).containsExactly("r=newer");
    }

    @Test
    void beyondItsLimitsItIsRefusedBeforeAnythingIsAppended() {
        restart(config(2, 1000));
        fixture.on(loop, () -> {
            assertThat(retain("a", "1", 1, 1)).isNull();
            assertThat(retain("b", "1", 1, 2)).as("counts what is under way").isNull();
            assertThat(retain("c", "1", 1, 3)).isEqualTo(RmqError.QUOTA_EXCEEDED);
            assertThat(retain("c", "", 1, 4)).as("removing is always allowed").isNull();
        });
        fixture.on(loop, () -> {
            assertThat(retain("a", "2", 1, 5)).as("replacing, too").isNull();
            assertThat(retain("c", "1", 1, 6)).isEqualTo(RmqError.QUOTA_EXCEEDED);
            assertThat(retain("a", "x".repeat(900), 1, 7)).isEqualTo(RmqError.QUOTA_EXCEEDED);
        });
        assertThat(fixture.records("mqtt")).hasSize(4);
        assertThat(events).containsExactly("ack 1", "ack 2", "ack 4", "ack 5");
        assertThat(fixture.broker.retained().refused()).isEqualTo(3);

        fixture.on(loop, () -> retain("b", "", 1, 8));
        fixture.on(
                loop,
                () -> assertThat(retain("c", "1", 1, 9))
                        .as("there is room again")
                        .isNull());
        assertThat(retained()).containsExactly("a=2", "c=1");
    }

    @Test
    void outlivesTheBrokerWithEverythingThatItCameWith() {
        ByteBuf block = Unpooled.wrappedBuffer(new byte[] {1, 2, 3});
        long expires = scheduler.clock().millis() + 3_600_000;
        loop.execute(() -> {
            publisher.publish(BrokerFixture.message("kept/1", "one", 2)
                    .retain(true)
                    .block(block, 0, 3)
                    .expiresAtMillis(expires));
            retain("gone", "x", 1, 1);
            retain("gone", "", 1, 2);
            retain("kept/2", "old", 1, 3);
            retain("kept/2", "new", 0, Publish.NO_TOKEN);
        });
        scheduler.runForMillis(1000);
        restart(config(1000, 1 << 20));

        assertThat(fixture.records("mqtt")).as("memory is empty").isEmpty();
        assertThat(retained()).containsExactly("kept/1=one", "kept/2=new");
        List<StoredMessage> found = new ArrayList<>();
        fixture.ports.retained().match(Tenants.DEFAULT, Spelling.SLASH, "kept/1", found::add);
        assertThat(found.get(0).qos()).isEqualTo(2);
        assertThat(found.get(0).block()).containsExactly(1, 2, 3);
        assertThat(found.get(0).protocol()).isEqualTo("mqtt");
        assertThat(found.get(0).expiresAtMillis()).isEqualTo(expires);
        assertThat(fixture.broker.retained().bytes()).isEqualTo(2 * (96 + 3 * "kept/1".length()) + 3 + 3 + 3);
    }

    @Test
    void whatHasExpiredIsNotShownAndGoesInTime() {
        long soon = scheduler.clock().millis() + 5_000;
        loop.execute(() -> {
            publisher.publish(
                    BrokerFixture.message("short", "x", 1).retain(true).expiresAtMillis(soon));
            publisher.publish(
                    BrokerFixture.message("again", "x", 1).retain(true).expiresAtMillis(soon));
            retain("long", "y", 1, 1);
        });
        scheduler.runForMillis(1000);
        loop.execute(() -> retain("again", "stays", 1, 2));
        scheduler.runForMillis(3_500);
        assertThat(retained()).hasSize(3);
        scheduler.runForMillis(4_000);
        assertThat(retained()).containsExactly("again=stays", "long=y");
        assertThat(fixture.ports.retained().count())
                .as("it is gone, not hidden")
                .isEqualTo(2);
        assertThat(fixture.records(InternalTopics.RETAINED))
                .anySatisfy(record -> assertThat(record.value()).isNull());
        restart(config(1000, 1 << 20));
        assertThat(retained()).containsExactly("again=stays", "long=y");
    }

    @Test
    void whatExpiredWhileTheBrokerWasAwayIsNotShownAndGoes() {
        long soon = scheduler.clock().millis() + 5_000;
        loop.execute(() -> publisher.publish(
                BrokerFixture.message("short", "x", 1).retain(true).expiresAtMillis(soon)));
        scheduler.runForMillis(1000);
        fixture.await(fixture.broker.stop());
        scheduler.runForMillis(10_000);
        restart(config(1000, 1 << 20));
        assertThat(retained()).isEmpty();
        scheduler.runForMillis(5_000);
        assertThat(fixture.ports.retained().count()).isZero();
    }

    @Test
    void aPartitionThatCannotBeOpenedRefusesItsOwnOnly() {
        fixture.on(loop, () -> {
            for (int i = 0; i < 20; i++) {
                retain("t/" + i, "x", 1, i);
            }
        });
        events.clear();
        durable.broken = shard -> shard.partition() == 2;
        restart(config(1000, 1 << 20));
        List<String> there = retained();
        assertThat(there).hasSizeBetween(5, 19);
        assertThat(fixture.broker.retained().problem()).contains("the disk says no");
        int appended = fixture.records("mqtt").size();
        loop.execute(() -> {
            for (int i = 0; i < 20; i++) {
                RmqError refusal = retain("t/" + i, "y", 1, i);
                assertThat(refusal).isEqualTo(there.contains("t/" + i + "=x") ? null : RmqError.UNAVAILABLE);
            }
        });
        scheduler.runForMillis(500);
        assertThat(events).hasSize(there.size()).noneMatch(event -> event.contains("UNAVAILABLE"));
        assertThat(fixture.records("mqtt")).hasSize(appended + there.size());

        durable.broken = shard -> false;
        scheduler.runForMillis(10_000);
        assertThat(fixture.broker.retained().problem()).isNull();
        assertThat(retained()).as("nothing of it was lost meanwhile").hasSize(20);
    }

    @Test
    void otherCoordinatorsGetLogsOfTheirOwn() {
        List<CoordinatorLog> logs = fixture.await(fixture.broker.coordinatorLogs("__groups", 3));
        assertThat(logs).hasSize(3);
        CoordinatorTenure tenure = fixture.await(logs.get(1).begin());
        assertThat(tenure.endOffset()).isZero();
        assertThat(fixture.ports.topics().list(Tenants.DEFAULT, true))
                .anySatisfy(topic -> assertThat(topic.name() + topic.internal()).isEqualTo("__groupstrue"));
        assertThat(fixture.await(fixture.broker.coordinatorLogs("__groups", 5))).hasSize(3);
    }

    @Test
    void theTopicIsInternal() {
        assertThat(fixture.ports.topics().list(Tenants.DEFAULT, false))
                .extracting(TopicDescription::name)
                .doesNotContain(InternalTopics.RETAINED);
        TopicDescription topic = fixture.ports.topics().list(Tenants.DEFAULT, true).stream()
                .filter(each -> each.name().equals(InternalTopics.RETAINED))
                .findAny()
                .orElseThrow();
        assertThat(topic.internal()).isTrue();
        assertThat(topic.engine()).isEqualTo("rocksdb");
        assertThat(topic.config()).containsEntry("cleanup.policy", "compact");
        refused(() -> fixture.await(
                fixture.ports.topics().publish(Tenants.DEFAULT, InternalTopics.RETAINED, null, null, new byte[1])));
        refused(() -> fixture.await(fixture.ports.topics().delete(Tenants.DEFAULT, InternalTopics.RETAINED)));
        fixture.on(loop, () -> BrokerFixture.publish(publisher, InternalTopics.RETAINED, "x", 1, 1));
        assertThat(kept()).as("a subject of that name is only a subject").isZero();
    }

    private static void refused(Runnable action) {
        Assertions.assertThatThrownBy(action::run)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("internal topic");
    }
}
