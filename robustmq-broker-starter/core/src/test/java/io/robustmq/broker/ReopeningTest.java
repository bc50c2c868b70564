/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Shards that could not be opened are tried again, more and more rarely, where that may help. */
class ReopeningTest {
    private final DurableWorld world = new DurableWorld(1, 2);
    private final List<String> acks = new ArrayList<>();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(ShardManager.class);
    private ShardId orders;

    /** A node with the record "a" in the topic "orders", stopped. */
    @BeforeEach
    void stopped() {
        world.file.releasedAfter(() -> 1);
        world.start();
        world.create("orders", null, Map.of());
        TopicInfo info = world.meta.image().topic(Tenants.DEFAULT, "orders");
        orders = new ShardId(info.id(), 0);
        publish("orders", "a", false);
        world.stop();
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void close() {
        log.detachAppender(lines);
        world.file.failOpening(null);
        world.close();
    }

    private void ack(long token, long offset, @Nullable RmqError error) {
        acks.add(token + "@" + offset + (error == null ? "" : " " + error));
    }

    private void publish(String topic, String payload, boolean retain) {
        Publisher publisher = world.publisher("device", world.loops.get(0), this::ack);
        int before = acks.size();
        Publish message =
                BrokerFixture.message(topic, payload, 1).retain(retain).token(before);
        world.loops.get(0).execute(() -> {
            RmqError refused = publisher.publish(message);
            if (refused != null) {
                ack(before, -1, refused);
            }
        });
        world.scheduler.runUntil(() -> acks.size() > before, 60_000);
    }

    private void startWith(RmqError failure) {
        world.file.failOpening(failure);
        world.start();
    }

    private long tries() {
        return world.file.refused().stream().filter(orders::equals).count();
    }

    private long complaints() {
        return lines.list.stream()
                .filter(line -> line.getFormattedMessage().contains("topic 'orders' is unavailable"))
                .count();
    }

    private @Nullable String problem() {
        return world.show("orders").shards().get(0).problem();
    }

    @Test
    void itIsServedSoonAfterTheCauseIsGone() {
        startWith(RmqError.STORAGE_FAILED);
        publish("orders", "b", false);
        publish("lamp", "on", true);
        assertThat(acks).containsExactly("0@0", "1@-1 STORAGE_FAILED", "2@-1 UNAVAILABLE");

        world.file.failOpening(null);
        world.scheduler.runForMillis(10_000);
        assertThat(problem()).isNull();
        assertThat(world.broker.retained().problem()).isNull();
        publish("orders", "c", false);
        publish("lamp", "on", true);
        assertThat(acks.subList(3, 5)).containsExactly("3@1", "4@0");
        assertThat(world.values("orders")).containsExactly("a", "c");
        assertThat(world.ports.retained().count()).isEqualTo(1);
    }

    @Test
    void triesBecomeRareAndOnlyANewReasonIsSaid() {
        startWith(RmqError.STORAGE_FAILED);
        world.scheduler.runForMillis(130_000);
        // At the start, and 1, 3, 7, 15, 31, 63 and 123 s after it.
        assertThat(tries()).isEqualTo(8);
        assertThat(complaints()).isEqualTo(1);
        world.file.failOpening(RmqError.INVALID_CONFIG);
        world.scheduler.runForMillis(60_000);
        assertThat(tries()).isEqualTo(9);
        assertThat(complaints()).isEqualTo(2);
    }

    @Test
    void whatATryCannotChangeIsNotTried() {
        for (RmqError hopeless : List.of(RmqError.INVALID_CONFIG, RmqError.CORRUPT_DATA, RmqError.FENCED)) {
            startWith(hopeless);
            long before = tries();
            world.scheduler.runForMillis(200_000);
            assertThat(tries()).as(hopeless.name()).isEqualTo(before);
            assertThat(problem()).isNotNull();
            world.stop();
        }
        world.start("", world.memory);
        assertThat(problem()).contains("no engine 'file'");
        long lines = complaints();
        world.scheduler.runForMillis(200_000);
        assertThat(complaints()).isEqualTo(lines);
    }

    @Test
    void aTopicThatIsDeletedMeanwhileStaysAway() {
        startWith(RmqError.STORAGE_FAILED);
        world.await(world.ports.topics().delete(Tenants.DEFAULT, "orders"));
        long before = tries();
        world.file.failOpening(null);
        world.scheduler.runForMillis(100_000);
        assertThat(tries()).isEqualTo(before);
        assertThat(world.await(world.file.stored())).doesNotContain(orders);
    }
}
