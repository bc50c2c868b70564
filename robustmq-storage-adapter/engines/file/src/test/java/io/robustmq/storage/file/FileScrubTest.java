/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
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
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.LogStream;
import io.robustmq.storage.log.ScrubConfig;
import io.robustmq.storage.log.ScrubStatus;
import io.robustmq.storage.log.StreamId;
import io.robustmq.storage.log.segment.Damage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scrub of a disk that serves, in virtual time. */
class FileScrubTest {
    private static final int MINUTE = 60_000;
    private static final int HOUR = 60 * MINUTE;
    private static final long RATE = 4096;
    private static final ShardConfig SHARD = new ShardConfig(-1, -1, -1, 1 << 14, false);

    private final SimScheduler scheduler = new SimScheduler(7);
    private final SimDisk disk = new SimDisk(scheduler, "disk");
    private FileEngine engine;
    private LogDisk log;
    private Loop owner;
    private int epoch;

    @BeforeEach
    void begin() {
        start(new ScrubConfig(RATE, HOUR, 10 * MINUTE));
    }

    private void start(ScrubConfig scrub) {
        owner = scheduler.loops("owner", 1).get(0);
        log = new LogDisk(
                "disk",
                disk,
                scheduler.loops("read", 2),
                scheduler.loops("write", 1).get(0),
                scheduler.loops("background", 1).get(0),
                owner.clock(),
                scheduler.random("format"),
                TestLimits.LOG.withWalFileBytes(1 << 16).withCheckpointBytes(1 << 17));
        engine = new FileEngine(List.of(log), TestLimits.ENGINE, scrub, () -> {});
        epoch++;
    }

    private void stop() {
        await(engine.shutdown());
    }

    private void await(int millis) {
        scheduler.runForMillis(millis);
    }

    private <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(scheduler.runUntil(future::isDone, MINUTE)).isTrue();
        return future.join();
    }

    private static ShardId shard(int partition) {
        return new ShardId(new TopicId(3, 4), partition);
    }

    private ShardStore open(int partition) {
        return await(engine.open(shard(partition), SHARD, epoch, owner));
    }

    /** Some 100 KB in sealed segments of 16 KB, and one that is open. */
    private ShardStore filled(int partition) {
        ShardStore store = open(partition);
        List<RmqException> outcomes = new ArrayList<>();
        for (int at = 0; at < 100; at++) {
            owner.execute(() -> store.append(
                    RecordBatches.ofValues(1000, "x".repeat(1000)),
                    Durability.FSYNC,
                    (base, failure) -> outcomes.add(failure)));
        }
        assertThat(scheduler.runUntil(() -> outcomes.size() == 100, MINUTE)).isTrue();
        assertThat(outcomes).containsOnlyNulls();
        return store;
    }

    private String read(ShardStore store, long offset) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        owner.execute(() -> store.read(offset, ReadLimits.ofBytes(100), owner, (owned, highWatermark, failure) -> {
            if (owned != null) {
                owned.release();
            }
            outcome.complete(failure == null ? "read" : failure.error().name());
        }));
        return await(outcome);
    }

    private String segment(int partition, int at) {
        String directory = stream(partition).segments().directory();
        return directory + "/"
                + disk.list(directory).stream()
                        .filter(name -> name.endsWith(".seg"))
                        .toList()
                        .get(at);
    }

    private ScrubStatus status() {
        return engine.scrubStatus(log);
    }

    private List<Damage> damages(int partition) {
        return status().damaged().getOrDefault(new StreamId(shard(partition), 0), List.of());
    }

    @Test
    void findsWhatIsRottenWhileTheDiskServes() {
        ShardStore store = filled(0);
        filled(1);
        String rotten = segment(0, 2);
        disk.rot(rotten, 5000);
        await(9 * MINUTE);
        assertThat(status().bytes()).as("a start has better things to read").isZero();
        await(2 * MINUTE);
        assertThat(status().rounds()).isEqualTo(1);
        assertThat(status().lastRoundMillis()).isPositive();
        assertThat(status().damages()).isEqualTo(1);
        assertThat(damages(1)).isEmpty();
        assertThat(damages(0)).hasSize(1).first().satisfies(damage -> {
            assertThat(damage.path()).isEqualTo(rotten);
            assertThat(damage.toOffset() - damage.fromOffset()).isEqualTo(1);
        });
        Damage damage = damages(0).get(0);
        assertThat(read(store, damage.fromOffset())).isEqualTo("CORRUPT_DATA");
        assertThat(read(store, damage.toOffset())).isEqualTo("read");
        stop();
    }

    @Test
    void readsNoMoreThanItMay() {
        filled(0);
        filled(1);
        await(10 * MINUTE - 10);
        long before = status().bytes();
        for (int second = 1; second <= 20; second++) {
            await(1000);
            assertThat(status().bytes() - before).isBetween(0L, second * RATE + 2 * 16_384);
        }
        assertThat(status().running()).isTrue();
        assertThat(status().bytes()).isGreaterThan(20 * RATE / 2);
        stop();
    }

    @Test
    void aRoundBeginsOncePerIntervalAndWhenAskedFor() {
        filled(0);
        await(12 * MINUTE);
        assertThat(status().rounds()).isEqualTo(1);
        await(HOUR / 2);
        assertThat(status().rounds()).isEqualTo(1);
        assertThat(engine.scrubNow(log)).isTrue();
        await(10);
        assertThat(engine.scrubNow(log)).as("one is under way").isFalse();
        await(2 * MINUTE);
        assertThat(status().rounds()).isEqualTo(2);
        await(HOUR + MINUTE);
        assertThat(status().rounds()).isEqualTo(3);
        stop();
    }

    @Test
    void goesOnWhereItWasAfterARestart() {
        filled(0);
        filled(1);
        disk.rot(segment(0, 1), 5000);
        await(10 * MINUTE + 30_000);
        assertThat(status().rounds()).isZero();
        long read = status().bytes();
        assertThat(damages(0)).hasSize(1);
        stop();

        start(new ScrubConfig(RATE, HOUR, 10 * MINUTE));
        open(0);
        open(1);
        await(MINUTE);
        assertThat(damages(0)).as("known from before").hasSize(1);
        await(12 * MINUTE);
        assertThat(status().rounds()).isEqualTo(1);
        long total = sealedBytes(0) + sealedBytes(1);
        assertThat(read + status().bytes())
                .as("what was under way, and what was damaged, is read twice")
                .isBetween(total, total + 3 * 16_384);
        long ended = status().lastRoundMillis();
        stop();

        start(new ScrubConfig(RATE, HOUR, 10 * MINUTE));
        open(0);
        await(20 * MINUTE);
        assertThat(status().rounds()).as("the last one is not long ago").isZero();
        assertThat(status().lastRoundMillis()).isEqualTo(ended);
        assertThat(status().bytes()).as("whether it is still damaged").isBetween(1L, 16_384L);
        stop();
    }

    private LogStream stream(int partition) {
        return Objects.requireNonNull(log.stream(new StreamId(shard(partition), 0)));
    }

    private long sealedBytes(int partition) {
        return stream(partition).segments().sealedSegments().stream()
                .mapToLong(segment -> segment.bytes())
                .sum();
    }

    @Test
    void damageOfADeletedShardIsForgotten() {
        filled(0);
        disk.rot(segment(0, 1), 5000);
        await(12 * MINUTE);
        assertThat(status().damaged()).hasSize(1);
        await(engine.destroy(shard(0)));
        assertThat(status().damaged()).isEmpty();
        stop();
    }

    @Test
    void endsWithTheEngine() {
        filled(0);
        filled(1);
        await(10 * MINUTE + 5000);
        assertThat(status().running()).isTrue();
        stop();
        long read = status().bytes();
        await(2 * HOUR);
        assertThat(status().running()).isFalse();
        assertThat(status().bytes()).isEqualTo(read);
        assertThat(engine.scrubNow(log)).isFalse();
    }

    @Test
    void offIsOff() {
        stop();
        start(ScrubConfig.OFF);
        filled(0);
        assertThat(engine.scrubNow(log)).isFalse();
        await(2 * HOUR);
        assertThat(status().bytes()).isZero();
        stop();
    }
}
