/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.OwnerContest;
import io.robustmq.storage.log.DiskState;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several disks, of which some fail; and owners that contend, each in an order of its own. */
class FileEngineDisksTest {
    private static final LogConfig CONFIG =
            TestLimits.LOG.withWalFileBytes(1 << 16).withCheckpointBytes(1 << 17);
    private static final ShardConfig SHARD = new ShardConfig(-1, -1, -1, 1 << 14, false);

    private SimScheduler scheduler;
    private final List<SimDisk> disks = new ArrayList<>();
    private FileEngine engine;
    private Loop owner;

    @BeforeEach
    void twoDisks() {
        begin(1, 2);
    }

    private void begin(long seed, int count) {
        scheduler = new SimScheduler(seed);
        disks.clear();
        for (int disk = 0; disk < count; disk++) {
            disks.add(new SimDisk(scheduler, "disk" + disk));
        }
        start();
    }

    private void start() {
        owner = scheduler.loops("owner", 1).get(0);
        List<LogDisk> logs = new ArrayList<>();
        for (int disk = 0; disk < disks.size(); disk++) {
            logs.add(new LogDisk(
                    "disk" + disk,
                    disks.get(disk),
                    scheduler.loops("read", 2),
                    scheduler.loops("write", 1).get(0),
                    scheduler.loops("background", 1).get(0),
                    owner.clock(),
                    scheduler.random("format" + disk),
                    CONFIG));
        }
        engine = new FileEngine(logs, TestLimits.ENGINE, () -> {});
    }

    private <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        scheduler.runUntilQuiet();
        assertThat(future).isDone();
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RmqException known ? known : e;
        }
    }

    private static ShardId shard(int partition) {
        return new ShardId(new TopicId(3, 4), partition);
    }

    private ShardStore open(int partition, int epoch) {
        return await(engine.open(shard(partition), SHARD, epoch, owner));
    }

    /** Null when it succeeded. */
    private RmqException append(ShardStore store, String value) {
        List<RmqException> failures = new ArrayList<>();
        owner.execute(() -> store.append(
                RecordBatches.ofValues(1000, value), Durability.FSYNC, (base, failure) -> failures.add(failure)));
        scheduler.runUntilQuiet();
        assertThat(failures).hasSize(1);
        return failures.get(0);
    }

    @Test
    void shardsAreSpreadAndFoundAgain() {
        Set<String> used = new HashSet<>();
        for (int partition = 0; partition < 6; partition++) {
            ShardStore store = open(partition, 1);
            assertThat(append(store, "v" + partition)).isNull();
            used.add(store.disk());
        }
        assertThat(used).containsExactlyInAnyOrder("disk0", "disk1");
        await(engine.shutdown());
        start();
        assertThat(await(engine.stored())).hasSize(6);
        for (int partition = 0; partition < 6; partition++) {
            assertThat(open(partition, 2).stats().endOffset()).isEqualTo(1);
        }
    }

    @Test
    void whoReadsAtTheEndIsAnsweredAtOnce() {
        ShardStore store = open(0, 1);
        assertThat(append(store, "there")).isNull();
        List<String> answers = new ArrayList<>();
        owner.execute(() -> {
            for (long from = 0; from <= 1; from++) {
                String asked = "from " + from;
                store.read(from, ReadLimits.ofBytes(100), owner, (owned, highWatermark, failure) -> {
                    answers.add(
                            asked + ": " + (owned.isReadable() ? "a record" : "nothing") + " below " + highWatermark);
                    owned.release();
                });
            }
            answers.add("the calls have returned");
        });
        scheduler.runUntilQuiet();
        assertThat(answers)
                .containsExactly("from 1: nothing below 1", "the calls have returned", "from 0: a record below 1");
        assertThat(store.startOffset()).isZero();
        assertThat(store.highWatermark()).isEqualTo(1);
        assertThat(store.sizeBytes()).isEqualTo(store.stats().bytes()).isPositive();
    }

    @Test
    void aFailedDiskLeavesTheOthersServing() {
        ShardStore first = open(0, 1);
        ShardStore second = open(1, 1);
        assertThat(first.disk()).isNotEqualTo(second.disk());
        int failing = Integer.parseInt(first.disk().substring(4));
        assertThat(append(first, "there")).isNull();
        disks.get(failing).failForceAfter(0);
        assertThat(append(first, "lost").error()).isEqualTo(RmqError.STORAGE_FAILED);
        assertThat(engine.disks().get(failing).status().state()).isEqualTo(DiskState.FAILED);
        assertThat(append(second, "kept")).isNull();
        for (int partition = 2; partition < 6; partition++) {
            assertThat(open(partition, 1).disk()).as("new shards go elsewhere").isEqualTo(second.disk());
        }
    }

    @Test
    void whatLiesOnADiskThatCannotBeMountedIsNotMadeAnew() {
        ShardStore first = open(0, 1);
        ShardStore second = open(1, 1);
        assertThat(append(first, "there")).isNull();
        int failing = Integer.parseInt(first.disk().substring(4));
        String serving = second.disk();
        await(engine.shutdown());
        disks.get(failing).breakDown();
        start();
        assertThat(open(1, 2).disk()).isEqualTo(serving);
        assertThatThrownBy(() -> open(0, 2))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.STORAGE_FAILED))
                .hasMessageContaining("may lie on");
    }

    @Test
    void aFailureIsToldToAllBehindItAndTheShardGoesOnAfterIt() {
        ShardStore store = open(0, 1);
        assertThat(append(store, "a")).isNull();
        int at = Integer.parseInt(store.disk().substring(4));
        scheduler.runUntilQuiet();
        disks.get(at).capacity(0);
        List<String> outcomes = new ArrayList<>();
        owner.execute(() -> {
            for (int append = 0; append < 10; append++) {
                store.append(
                        RecordBatches.ofValues(1000, "x".repeat(9000)),
                        Durability.FSYNC,
                        (base, failure) -> outcomes.add(
                                failure == null ? "done" : failure.error().name()));
            }
        });
        scheduler.runUntilQuiet();
        assertThat(outcomes).hasSize(10).contains("STORAGE_FULL").doesNotContain("done");
        disks.get(at).capacity(Long.MAX_VALUE);
        scheduler.runForMillis(2000);
        append(store, "finds out");
        assertThat(append(store, "b")).isNull();
        assertThat(store.stats().endOffset()).isEqualTo(2);
    }

    @Test
    void atMostOneOwnerAcknowledges() {
        for (long seed = 1; seed <= 30; seed++) {
            begin(seed, 1);
            CompletableFuture<Void> outcome =
                    new OwnerContest(engine, scheduler.loops("contender", 4), seed, 20).start();
            scheduler.runUntilQuiet();
            assertThat(outcome).as("seed " + seed).isCompleted();
            await(engine.shutdown());
        }
    }
}
