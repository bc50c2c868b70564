/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.log.LogDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A shard is destroyed while somebody opens it, at each step of the way: what comes behind finds a new shard. */
class DestroyRaceTest {
    private static final ShardId SHARD = new ShardId(new TopicId(1, 2), 0);
    private static final ShardConfig CONFIG = new ShardConfig(-1, -1, -1, 1 << 20, false);
    private static final int STEPS = 30;

    private final class Bench {
        final SimScheduler scheduler = new SimScheduler(1);
        final SimLoopGroup loops = scheduler.loops("loop", 3);
        final Loop owner = loops.get(2);
        final FileEngine engine = new FileEngine(
                List.of(new LogDisk(
                        "d",
                        new SimDisk(scheduler, "d"),
                        scheduler.loops("read", 1),
                        loops.get(0),
                        loops.get(1),
                        owner.clock(),
                        scheduler.random("id"),
                        TestLimits.LOG)),
                TestLimits.ENGINE,
                () -> {});

        CompletableFuture<ShardStore> open(int epoch) {
            return engine.open(SHARD, CONFIG, epoch, owner).toCompletableFuture();
        }

        CompletableFuture<Void> destroy() {
            return engine.destroy(SHARD).toCompletableFuture();
        }

        ShardStore opened(int epoch) {
            CompletableFuture<ShardStore> opened = open(epoch);
            scheduler.runUntilQuiet();
            return opened.join();
        }

        RmqException append(ShardStore store) {
            List<RmqException> answers = new ArrayList<>();
            owner.execute(() -> store.append(
                    RecordBatches.ofValues(1, "v"), Durability.FSYNC, (base, failure) -> answers.add(failure)));
            scheduler.runUntilQuiet();
            assertThat(answers).hasSize(1);
            return answers.get(0);
        }
    }

    @Test
    void anOpeningThatADestructionOvertakesLeavesNothingBehind() {
        for (int steps = 0; steps < STEPS; steps++) {
            Bench bench = new Bench();
            bench.opened(1);
            CompletableFuture<ShardStore> opening = bench.open(7);
            for (int step = 0; step < steps && bench.scheduler.step(); step++) {
                continue;
            }
            CompletableFuture<Void> destroyed = bench.destroy();
            bench.scheduler.runUntilQuiet();
            assertThat(destroyed).isCompleted();
            assertThat(opening).isDone();
            assertGone(bench, opening, "after " + steps + " steps");
            ShardStore next = bench.opened(0);
            assertThat(next.stats().endOffset()).isZero();
            assertThat(bench.append(next)).as("after %s steps", steps).isNull();
        }
    }

    /** The one in the middle began before the second destruction. */
    @Test
    void anOpeningBetweenTwoDestructionsDoesNotSurviveTheSecond() {
        for (int steps = 0; steps < STEPS; steps++) {
            Bench bench = new Bench();
            bench.opened(1);
            CompletableFuture<Void> first = bench.destroy();
            CompletableFuture<ShardStore> opening = bench.open(7);
            for (int step = 0; step < steps && bench.scheduler.step(); step++) {
                continue;
            }
            CompletableFuture<Void> second = bench.destroy();
            bench.scheduler.runUntilQuiet();
            assertThat(first).isCompleted();
            assertThat(second).isCompleted();
            assertGone(bench, opening, "after " + steps + " steps");
            assertThat(bench.append(bench.opened(8)))
                    .as("after %s steps", steps)
                    .isNull();
        }
    }

    private static void assertGone(Bench bench, CompletableFuture<ShardStore> opening, String when) {
        RmqException failure;
        try {
            failure = bench.append(opening.join());
        } catch (CompletionException e) {
            failure = (RmqException) e.getCause();
        }
        assertThat(failure).as(when).isNotNull();
        assertThat(failure.error()).as(when).isEqualTo(RmqError.CLOSED);
    }
}
