/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.broker.retention.RetentionConfig;
import io.robustmq.broker.retention.RetentionWorker;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.protocol.DurableSession;
import io.robustmq.protocol.DurableSession.Leave;
import io.robustmq.protocol.SessionPort.SessionRequest;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.SessionProgress.Outbound;
import io.robustmq.protocol.SessionProgress.Phase;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sessions that sleep have not got stays where retention would take it, up to their limits. The topic keeps ten records. */
class SleepersHoldRetentionTest {
    private static final long KEPT = 10;
    private static final long HELD_MAX = 50;
    private static final long SOME_TIME = 15_000;

    private final SimScheduler scheduler = new SimScheduler(5);
    private final SimLoopGroup loops = scheduler.loops("net-", 2);
    private final MemoryEngine engine = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
    private final RetentionWorker worker = new RetentionWorker(
            scheduler.loops("background-", 1).get(0), RetentionConfig.defaults(), UnpooledByteBufAllocator.DEFAULT);
    private Broker broker;
    private ShardId shard;

    @BeforeEach
    void start() {
        broker = new Broker(
                BrokerConfig.of(new NodeId(1), 1, List.of(), Map.of(), "memory"),
                new InMemoryMeta(),
                List.of(engine),
                loops,
                loops.get(0),
                scheduler.clock(),
                scheduler.random("broker"),
                new SystemMemoryBudget(64 << 20),
                new AllowAll(),
                UnpooledByteBufAllocator.DEFAULT,
                worker);
        await(broker.start());
        worker.start();
        await(broker.ports()
                .topics()
                .create(new TopicPort.TopicRequest(
                        Tenants.DEFAULT, "t", 1, List.of(), null, Map.of("retention.records", "" + KEPT))));
        shard = broker.directory().topic(Tenants.DEFAULT, "t").shards()[0].shard();
    }

    @AfterEach
    void stop() {
        await(broker.stop());
        engine.close();
    }

    private <T> T await(CompletionStage<T> stage) {
        assertThat(scheduler.runUntil(() -> stage.toCompletableFuture().isDone(), 60_000))
                .isTrue();
        return stage.toCompletableFuture().join();
    }

    private void keep(long records, long ageMillis) {
        broker.ports().sessions().keepForSleepers(records, -1, ageMillis);
    }

    private void publish(int count) {
        List<CompletionStage<?>> acknowledged = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            acknowledged.add(broker.ports().topics().publish(Tenants.DEFAULT, "t", null, null, new byte[] {1}));
        }
        acknowledged.forEach(this::await);
    }

    private long startOffset() {
        scheduler.runForMillis(SOME_TIME);
        return broker.directory()
                .byId(shard.topic())
                .shards()[0]
                .store()
                .stats()
                .startOffset();
    }

    private DurableSession connect(String id, long expirySeconds) {
        return await(broker.ports()
                        .sessions()
                        .acquire(
                                new SessionRequest(Tenants.DEFAULT, id, false, expirySeconds, null),
                                epoch -> CompletableFuture.completedStage(null)))
                .durable();
    }

    private SessionProgress at(long offset, Outbound... inFlight) {
        return new SessionProgress(
                ShardPositions.of(Map.of(shard, new ShardPositions.Place(1, offset))),
                List.of(inFlight),
                new Drops(0, 0, 0, 0));
    }

    private void sleep(String id, long expirySeconds, long offset) {
        await(connect(id, expirySeconds).leave(new Leave(expirySeconds, false, at(offset))));
    }

    /** Both sides of the limit: all of it is there up to fifty records, and the newest fifty beyond. */
    @Test
    void aSleeperHoldsWhatItHasNotGot() {
        keep(HELD_MAX, -1);
        publish(5);
        sleep("s", 1000, 5);
        publish(45);
        assertThat(startOffset()).isEqualTo(5);
        publish(5);
        assertThat(startOffset()).isEqualTo(5);
        publish(1);
        assertThat(startOffset()).as("beyond its limit").isEqualTo(6);
        publish(100);
        assertThat(startOffset()).isEqualTo(106);
        assertThat(worker.counters().recordsOverrun.sum()).isEqualTo(101);
        assertThat(broker.ports().sessions().log().recordsBehind(at(5).positions()))
                .isEqualTo(HELD_MAX);
    }

    @Test
    void theFurthestBehindDecides() {
        keep(HELD_MAX, -1);
        sleep("ahead", 1000, 20);
        sleep("behind", 1000, 3);
        sleep("last", 1000, 7);
        publish(30);
        assertThat(startOffset()).isEqualTo(3);
        await(broker.ports().sessions().delete(Tenants.DEFAULT, "behind"));
        assertThat(startOffset()).isEqualTo(7);
        await(broker.ports().sessions().delete(Tenants.DEFAULT, "last"));
        assertThat(startOffset()).as("its own ten records").isEqualTo(20);
        assertThat(worker.counters().recordsOverrun.sum()).isZero();
    }

    /** By its expiry, too: nobody holds anything for ever. */
    @Test
    void whoEndsHoldsNothing() {
        keep(HELD_MAX, -1);
        sleep("s", 60, 0);
        publish(30);
        assertThat(startOffset()).isZero();
        scheduler.runForMillis(60_000);
        assertThat(startOffset()).isEqualTo(20);
    }

    /** A connection reads what it was away for; once it has that, only what it has not acknowledged is held. */
    @Test
    void whoIsThereHoldsWhatItReadsAndHasNotAcknowledged() {
        keep(HELD_MAX, -1);
        sleep("s", 1000, 0);
        publish(30);
        DurableSession back = connect("s", 1000);
        assertThat(startOffset()).isZero();
        await(back.progress(at(4), false, true));
        scheduler.runForMillis(120_000);
        assertThat(startOffset()).isEqualTo(4);
        await(back.progress(at(30, new Outbound(1, Phase.PUBACK, shard, 12)), false, false));
        assertThat(startOffset()).isEqualTo(12);
        await(back.progress(at(30), false, false));
        assertThat(startOffset()).isEqualTo(20);
        publish(5);
        assertThat(startOffset()).as("live: nothing is held").isEqualTo(25);
    }

    @Test
    void nothingIsHeldLongerThanMessagesWait() {
        keep(1000, 60_000);
        sleep("s", 1000, 0);
        publish(30);
        assertThat(startOffset()).isZero();
        scheduler.runForMillis(60_000);
        publish(2);
        assertThat(startOffset()).isEqualTo(22);
    }

    @Test
    void nobodyHasSaidThatSleepersHoldAnything() {
        sleep("s", 1000, 0);
        publish(30);
        assertThat(startOffset()).isEqualTo(20);
    }
}
