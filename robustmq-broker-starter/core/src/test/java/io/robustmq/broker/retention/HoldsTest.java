/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.broker.retention.Holds.Hold;
import io.robustmq.broker.retention.Holds.Limits;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds keep, and what goes without them, for each lifetime. */
class HoldsTest {
    private final List<String> lost = new ArrayList<>();
    private RetentionWorld world;

    private RetentionWorld begin(Lifetime lifetime, ShardConfig config) {
        MemoryEngine engine = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
        world = new RetentionWorld(
                1, () -> engine, config, RetentionWorld.lifetime(lifetime), RetentionWorld.config(4096, 100));
        return world;
    }

    private static ShardConfig roomy() {
        return new ShardConfig(-1, 64 << 20, -1, 1 << 20, false);
    }

    private Hold hold(String name, long offset, Limits limits) {
        return world.onOwner(() -> CompletableFuture.completedFuture(
                world.shard.holds().hold(name, offset, limits, (from, to) -> lost.add(name + " " + from + "-" + to))));
    }

    private void serve() {
        world.onOwner(() -> world.shard.holds().serve());
    }

    private void append(int records) {
        for (int i = 0; i < records; i++) {
            world.append("k=" + i);
        }
    }

    private long start() {
        return world.store.stats().startOffset();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void withoutInterestNothingStaysOnceTheShardServes() {
        begin(Lifetime.INTEREST, roomy());
        append(5);
        world.run(5000);
        assertThat(start()).as("holders may still come back").isZero();
        serve();
        world.run(1000);
        assertThat(start()).isEqualTo(5);
        append(3);
        world.run(1000);
        assertThat(start()).isEqualTo(8);
        assertThat(world.worker.counters().recordsConfirmed.sum()).isEqualTo(8);
        assertThat(lost).isEmpty();
    }

    @Test
    void withInterestARecordGoesWhenAllHaveConfirmedIt() {
        begin(Lifetime.INTEREST, roomy());
        Hold one = hold("one", 0, Limits.NONE);
        Hold two = hold("two", 0, Limits.NONE);
        serve();
        append(10);
        world.onOwner(() -> one.confirm(7));
        world.run(1000);
        assertThat(start()).isZero();
        world.onOwner(() -> two.confirm(4));
        world.run(1000);
        assertThat(start()).isEqualTo(4);
        assertThat(world.shard.holds().lowest()).isEqualTo(4);
        world.onOwner(() -> two.confirm(2));
        assertThat(two.offset()).as("never back").isEqualTo(4);
        world.onOwner(two::release);
        world.run(1000);
        assertThat(start()).isEqualTo(7);
        assertThat(lost).isEmpty();
    }

    @Test
    void aWorkQueueWaitsForItsOneGroup() {
        begin(Lifetime.WORK_QUEUE, roomy());
        serve();
        append(10);
        world.run(5000);
        assertThat(start()).as("nobody has confirmed").isZero();
        Hold group = hold("group", 0, Limits.NONE);
        world.onOwner(() -> group.confirm(6));
        world.run(1000);
        assertThat(start()).isEqualTo(6);
        CompletionException refused =
                catchThrowableOfType(CompletionException.class, () -> hold("other", 0, Limits.NONE));
        assertThat(((RmqException) refused.getCause()).error()).isEqualTo(RmqError.POLICY_VIOLATION);
        hold("group", 6, Limits.NONE);
        assertThat(world.shard.holds().count()).as("taken over under its name").isEqualTo(1);
    }

    @Test
    void limitsOfTheTopicDropWhatNobodyHolds() {
        begin(Lifetime.LIMITS, new ShardConfig(-1, 64 << 20, 5, 1 << 20, false));
        append(20);
        assertThat(start()).isEqualTo(15);
        Hold hold = hold("session", 15, Limits.NONE);
        append(20);
        world.run(1000);
        assertThat(start()).as("pinned").isEqualTo(15);
        world.onOwner(() -> hold.confirm(30));
        world.run(1000);
        append(1);
        assertThat(start()).isEqualTo(30);
        world.onOwner(hold::release);
        world.run(1000);
        append(1);
        assertThat(start()).isEqualTo(37);
        assertThat(lost).isEmpty();
    }

    @Test
    void aHoldKeepsNoMoreRecordsThanItsLimitAndLearnsWhatItLost() {
        begin(Lifetime.LIMITS, new ShardConfig(-1, 64 << 20, 5, 1 << 20, false));
        append(5);
        Hold hold = hold("session", 0, new Limits(10, -1, -1));
        append(25);
        world.run(1000);
        assertThat(start()).isEqualTo(20);
        assertThat(lost).containsExactly("session 0-20");
        assertThat(hold.overrunRecords()).isEqualTo(20);
        assertThat(hold.offset()).isEqualTo(20);
        assertThat(world.worker.counters().recordsOverrun.sum()).isEqualTo(20);
    }

    @Test
    void aHoldKeepsNothingOlderThanItsLimit() {
        begin(Lifetime.INTEREST, roomy());
        hold("session", 0, new Limits(-1, -1, 60_000));
        serve();
        append(5);
        world.run(40_000);
        append(5);
        world.run(19_000);
        assertThat(start()).isZero();
        world.run(5000);
        assertThat(start()).isEqualTo(5);
        world.run(60_000);
        assertThat(start()).isEqualTo(10);
        assertThat(lost).containsExactly("session 0-5", "session 5-10");
    }

    @Test
    void aHoldKeepsAboutAsManyBytesAsItsLimit() {
        begin(Lifetime.INTEREST, roomy());
        hold("session", 0, new Limits(-1, 4000, -1));
        serve();
        append(200);
        long each = world.store.stats().bytes() / 200;
        world.run(1000);
        assertThat(world.store.stats().bytes()).isBetween(4000 - 2 * each, 4000 + each);
        assertThat(lost).hasSize(1);
    }

    @Test
    void holdsEndWithTheirOwnerAndAreMadeAgainBeforeTheNextServes() {
        begin(Lifetime.INTEREST, roomy());
        hold("session", 0, Limits.NONE);
        serve();
        append(5);
        world.run(1000);
        world.crash();
        world.run(5000);
        assertThat(start()).isZero();
        hold("session", 2, Limits.NONE);
        serve();
        world.run(1000);
        assertThat(start()).isEqualTo(2);
        assertThat(lost).isEmpty();
    }
}
