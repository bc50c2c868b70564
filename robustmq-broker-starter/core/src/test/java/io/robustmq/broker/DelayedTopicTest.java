/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.broker.delay.DelayConfig;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.DelayPort.Delayed;
import io.robustmq.protocol.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Delayed messages in {@code __delayed}, in virtual time, on an engine whose appends take time and fail. */
class DelayedTopicTest {
    private static final DelayConfig LIMITS = new DelayConfig(5, 4000);

    private final SlowEngine durable = new SlowEngine();
    private final SimScheduler scheduler = new SimScheduler(1);
    private final List<String> acks = new ArrayList<>();
    private BrokerFixture fixture =
            new BrokerFixture(scheduler, 2, List.of(durable), new AllowAll(), config("rocksdb"));
    private Loop loop = fixture.loops.get(0);
    private Publisher publisher = fixture.publisher("device", loop, this::ack);
    private RecordingSink sink = subscriber();

    private static BrokerConfig config(String engine) {
        return BrokerConfig.of(new NodeId(1), 1, List.of(BrokerFixture.MQTT), Map.of("mqtt", Capture.ALL), engine)
                .withDelayed(LIMITS);
    }

    private RecordingSink subscriber() {
        RecordingSink made = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, made.to("#"));
        return made;
    }

    private void restart() {
        fixture = fixture.restarted(config("rocksdb"));
        loop = fixture.loops.get(0);
        publisher = fixture.publisher("device", loop, this::ack);
        sink = subscriber();
    }

    private void ack(long token, long offset, @Nullable RmqError error) {
        acks.add("ack " + token + (error == null ? "" : " " + error));
    }

    @AfterEach
    void close() {
        assertThat(fixture.budget.usedBytes()).as("I8").isZero();
        fixture.close();
    }

    private void delay(String topic, String payload, long seconds, long token) {
        loop.execute(() -> {
            RmqError refusal = publisher.publish(BrokerFixture.message(topic, payload, 1)
                    .dueAtMillis(scheduler.clock().millis() + seconds * 1000)
                    .token(token));
            if (refusal != null) {
                ack(token, -1, refusal);
            }
        });
    }

    private DelayPort delays() {
        return fixture.ports.delays();
    }

    private List<Delayed> waiting() {
        DelayPort.Page page = fixture.await(delays().list(new DelayPort.Query(Tenants.DEFAULT, null, null, null, 100)));
        return page == null ? List.of() : page.delayed();
    }

    private List<String> subjects(DelayPort.@Nullable Page page) {
        return page == null
                ? List.of()
                : page.delayed().stream().map(Delayed::subject).toList();
    }

    private List<String> published() {
        return fixture.records("mqtt").stream()
                .map(each -> each.subject() + "=" + BrokerFixture.text(each.value()))
                .toList();
    }

    @Test
    void isAcknowledgedWhenKeptAndPublishedWhenDue() {
        durable.appendMillis = () -> 50;
        delay("a", "1", 10, 1);
        scheduler.runForMillis(40);
        assertThat(acks).isEmpty();
        scheduler.runForMillis(30);
        assertThat(acks).containsExactly("ack 1");
        assertThat(waiting()).hasSize(1);
        scheduler.runForMillis(9_800);
        assertThat(published()).isEmpty();
        scheduler.runForMillis(300);
        assertThat(sink.received).containsExactly("a=1");
        assertThat(published()).containsExactly("a=1");
        assertThat(waiting()).isEmpty();
        assertThat(delays().count()).isZero();
        assertThat(delays().bytes()).isZero();
        assertThat(fixture.records("mqtt").get(0).headers())
                .extracting(header -> header.key())
                .contains("rmq.delayed");
    }

    @Test
    void dueTimesDecideTheOrderAndTheSameTimeKeepsThatOfThePublisher() {
        delay("a", "late", 5, 1);
        delay("a", "1", 3, 2);
        delay("a", "2", 3, 3);
        delay("a", "3", 3, 4);
        delay("a", "early", 0, 5);
        scheduler.runForMillis(6000);
        assertThat(sink.received).containsExactly("a=early", "a=1", "a=2", "a=3", "a=late");
    }

    @Test
    void waitsAcrossARestartAndIsLateRatherThanLost() {
        delay("a", "1", 10, 1);
        delay("b", "2", 1000, 2);
        scheduler.runForMillis(100);
        restart();
        assertThat(waiting()).extracting(Delayed::subject).containsExactly("a", "b");
        scheduler.runForMillis(10_000);
        assertThat(sink.received).containsExactly("a=1");
        fixture.await(fixture.broker.stop());
        scheduler.runForMillis(2_000_000);
        restart();
        scheduler.runForMillis(100);
        assertThat(sink.received).containsExactly("b=2");
    }

    /** The record of the message is in its topic, the one of its removal is not. */
    @Test
    void aCrashBetweenPublicationAndRemovalRepeatsNothing() {
        delay("a", "1", 10, 1);
        delay("a", "2", 10, 2);
        scheduler.runForMillis(9_990);
        durable.appendMillis = () -> 50;
        scheduler.runForMillis(75);
        assertThat(sink.received).containsExactly("a=1", "a=2");
        assertThat(delays().count()).as("not yet removed").isEqualTo(2);
        restart();
        scheduler.runForMillis(1000);
        assertThat(sink.received).isEmpty();
        assertThat(published()).containsExactly("a=1", "a=2");
        assertThat(waiting()).isEmpty();
        assertThat(fixture.broker.delayed().counters().recovered.sum()).isEqualTo(2);
    }

    /** Retained messages are in two topics: what only the first has is published again, what both have is not. */
    @Test
    void aRetainedOneIsDoneWhenBothTopicsHaveIt() {
        loop.execute(() -> publisher.publish(BrokerFixture.message("r", "1", 1)
                .retain(true)
                .dueAtMillis(scheduler.clock().millis() + 10_000)
                .token(1)));
        scheduler.runForMillis(9_990);
        durable.appendMillis = () -> 50;
        scheduler.runForMillis(75);
        assertThat(published()).containsExactly("r=1");
        assertThat(fixture.ports.retained().count()).isZero();
        restart();
        scheduler.runForMillis(1000);
        assertThat(fixture.ports.retained().count()).isEqualTo(1);
        assertThat(published()).containsExactly("r=1", "r=1");
        List<String> kept = new ArrayList<>();
        fixture.ports
                .retained()
                .match(
                        Tenants.DEFAULT,
                        Spelling.SLASH,
                        "#",
                        message -> kept.add(BrokerFixture.text(message.payload())));
        assertThat(kept).containsExactly("1");
    }

    @Test
    void failuresAreTriedAgainUntilItIsPublishedOnce() {
        delay("a", "1", 10, 1);
        scheduler.runForMillis(9_000);
        durable.appendMillis = () -> -5;
        scheduler.runForMillis(20_000);
        assertThat(sink.received).isEmpty();
        durable.appendMillis = () -> 5;
        scheduler.runForMillis(60_000);
        assertThat(sink.received).containsExactly("a=1");
        assertThat(published()).containsExactly("a=1");
        assertThat(waiting()).isEmpty();
        assertThat(fixture.broker.delayed().counters().retries.sum()).isPositive();
    }

    @Test
    void whatExpiresWhileItWaitsIsNotPublished() {
        long now = scheduler.clock().millis();
        loop.execute(() -> {
            publisher.publish(BrokerFixture.message("a", "1", 1)
                    .dueAtMillis(now + 10_000)
                    .expiresAtMillis(now + 9_999)
                    .token(1));
            publisher.publish(BrokerFixture.message("b", "1", 1)
                    .dueAtMillis(now + 10_000)
                    .expiresAtMillis(now + 20_000)
                    .token(2));
        });
        scheduler.runForMillis(11_000);
        assertThat(sink.received).containsExactly("b=1");
        assertThat(waiting()).isEmpty();
        assertThat(fixture.broker.delayed().counters().expired.sum()).isEqualTo(1);
    }

    @Test
    void limitsHoldOnBothSidesAndMakeRoomAgain() {
        for (int i = 1; i <= 6; i++) {
            delay("a", "x", 10, i);
        }
        scheduler.runForMillis(100);
        assertThat(acks).containsExactlyInAnyOrder("ack 1", "ack 2", "ack 3", "ack 4", "ack 5", "ack 6 QUOTA_EXCEEDED");
        scheduler.runForMillis(11_000);
        acks.clear();
        delay("a", "x".repeat(3000), 10, 7);
        delay("a", "x".repeat(3000), 10, 8);
        scheduler.runForMillis(100);
        assertThat(acks).containsExactlyInAnyOrder("ack 7", "ack 8 QUOTA_EXCEEDED");
        assertThat(fixture.broker.delayed().counters().refused.sum()).isEqualTo(2);
        delay("a", "x", DelayPort.SECONDS_MAX, 9);
        delay("a", "x", DelayPort.SECONDS_MAX + 1, 10);
        scheduler.runForMillis(100);
        assertThat(acks).contains("ack 9", "ack 10 INVALID_REQUEST");
    }

    @Test
    void isListedByPagesAndFiltersShownAndCancelled() {
        for (String topic : List.of("s/1", "s/2", "t/1", "s/3")) {
            delay(topic, "p" + topic, 100 + acks.size(), 1);
            scheduler.runForMillis(20);
        }
        DelayPort.Page first = fixture.await(delays().list(new DelayPort.Query(Tenants.DEFAULT, null, null, null, 3)));
        assertThat(subjects(first)).containsExactly("s/1", "s/2", "t/1");
        assertThat(first.next()).isNotNull();
        DelayPort.Page second =
                fixture.await(delays().list(new DelayPort.Query(Tenants.DEFAULT, null, null, first.next(), 3)));
        assertThat(subjects(second)).containsExactly("s/3");
        assertThat(second.next()).isNull();
        assertThat(subjects(
                        fixture.await(delays().list(new DelayPort.Query(Tenants.DEFAULT, "s/+", "device", null, 10)))))
                .containsExactly("s/1", "s/2", "s/3");
        assertThat(subjects(
                        fixture.await(delays().list(new DelayPort.Query(Tenants.DEFAULT, null, "other", null, 10)))))
                .isEmpty();
        assertThat(subjects(fixture.await(delays().list(new DelayPort.Query("other", null, null, null, 10)))))
                .isEmpty();

        String id = first.delayed().get(1).id();
        assertThat(BrokerFixture.text(
                        fixture.await(delays().show(Tenants.DEFAULT, id)).payload()))
                .isEqualTo("ps/2");
        assertThatThrownBy(() -> fixture.await(delays().show("other", id))).hasMessageContaining("no delayed message");
        fixture.await(delays().cancel(Tenants.DEFAULT, id));
        assertThatThrownBy(() -> fixture.await(delays().cancel(Tenants.DEFAULT, id)))
                .hasMessageContaining("no delayed message");
        assertThatThrownBy(() -> fixture.await(delays().cancel(Tenants.DEFAULT, "nonsense")))
                .hasMessageContaining("nonsense");
        scheduler.runForMillis(200_000);
        assertThat(sink.received).containsExactlyInAnyOrder("s/1=ps/1", "t/1=pt/1", "s/3=ps/3");
    }
}
