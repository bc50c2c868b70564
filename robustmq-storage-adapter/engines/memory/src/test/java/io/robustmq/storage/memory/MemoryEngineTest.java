/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ManualLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only the memory engine promises: how little it holds, how it behaves at its limits, what it counts. */
class MemoryEngineTest {
    private static final int KIB = 1024;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ManualLoop loop = new ManualLoop();
    private MemoryEngine engine = new MemoryEngine(allocator, MemoryEngineConfig.ofTotalBytes(64 * KIB * KIB));

    @AfterEach
    void close() {
        engine.close();
        assertThat(engine.totalBytes()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private static ShardConfig config(long bytes) {
        return new ShardConfig(-1, bytes, -1, 1 << 20, false);
    }

    private ShardStore open(int partition, ShardConfig config) {
        return engine.open(new ShardId(new TopicId(1, 1), partition), config, 1, loop)
                .toCompletableFuture()
                .join();
    }

    private @Nullable RmqException append(ShardStore store, int valueBytes) {
        List<RmqException> failures = new ArrayList<>();
        RecordBatch batch = RecordBatches.ofValues(loop.millis(), "x".repeat(valueBytes));
        store.append(batch, Durability.MEMORY, (base, failure) -> failures.add(failure));
        assertThat(failures).hasSize(1);
        assertThat(batch.buffer().refCnt()).isZero();
        return failures.get(0);
    }

    private ByteBuf read(ShardStore store, long offset) {
        List<ByteBuf> answers = new ArrayList<>();
        store.read(
                offset,
                ReadLimits.ofBytes(Integer.MAX_VALUE),
                loop,
                (owned, highWatermark, failure) -> answers.add(owned));
        return answers.get(0);
    }

    @Test
    void sixteenIdleShardsCostNothingAndNearlyIdleOnesLittle() {
        List<ShardStore> stores = new ArrayList<>();
        for (int partition = 0; partition < 16; partition++) {
            stores.add(open(partition, config(64L * KIB * KIB)));
        }
        assertThat(engine.shards()).isEqualTo(16);
        assertThat(engine.totalBytes()).isZero();
        stores.forEach(store -> append(store, 100));
        assertThat(engine.totalBytes()).isEqualTo(16 * 4 * KIB);
        assertThat(engine.liveBytes()).isBetween(16L * 100, 16L * 200);
    }

    @Test
    void aFullRingHoldsLittleMoreThanItsLimit() {
        ShardStore store = open(0, config(4L * KIB * KIB));
        for (int batch = 0; batch < 1000; batch++) {
            assertThat(append(store, 16 * KIB)).isNull();
        }
        assertThat(store.stats().bytes()).isBetween(4L * KIB * KIB - 17 * KIB, 4L * KIB * KIB);
        assertThat(engine.totalBytes()).isLessThanOrEqualTo(4L * KIB * KIB + 2 * 256 * KIB);
        assertThat(engine.evictedBatches()).isBetween(700L, 800L);
        assertThat(engine.pressureEvictedBatches()).isZero();
    }

    @Test
    void memoryGoesBackWhenNothingIsLeft() {
        ShardStore store = open(0, config(1 << 20));
        append(store, 1000);
        store.deletePrefix(1);
        assertThat(engine.totalBytes()).isZero();
        ShardStore timed = open(1, new ShardConfig(60_000, 1 << 20, -1, 1 << 20, false));
        append(timed, 1000);
        assertThat(loop.timers()).as("one timer for the oldest batch").isEqualTo(1);
        append(timed, 1000);
        assertThat(loop.timers()).isEqualTo(1);
        loop.advance(70_000);
        assertThat(engine.totalBytes()).isZero();
        assertThat(loop.timers()).as("none while nothing can expire").isZero();
        append(timed, 1000);
        timed.close();
        assertThat(loop.timers()).isZero();
    }

    @Test
    void aReadInFlightOutlivesTheEngine() {
        ShardStore store = open(0, config(1 << 20));
        append(store, 10);
        ByteBuf bytes = read(store, 0);
        engine.close();
        assertThat(engine.totalBytes()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(4 * KIB);
        assertThat(new RecordBatch(bytes).recordCount()).isEqualTo(1);
        bytes.release();
    }

    @Test
    void aReadAcrossChunksCopiesNothing() {
        ShardStore store = open(0, config(16L * KIB * KIB));
        for (int batch = 0; batch < 100; batch++) {
            append(store, 10 * KIB);
        }
        long before = allocator.metric().usedDirectMemory();
        ByteBuf bytes = read(store, 0);
        assertThat(bytes.readableBytes()).isGreaterThan(100 * 10 * KIB);
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(before);
        bytes.release();
    }

    @Test
    void theTotalIsPaidByTheShardThatHasTheMost() {
        engine = new MemoryEngine(allocator, MemoryEngineConfig.ofTotalBytes(1 << 20));
        ShardStore quiet = open(0, config(1 << 30));
        append(quiet, 1000);
        ShardStore greedy = open(1, config(1 << 30));
        for (int batch = 0; batch < 500; batch++) {
            assertThat(append(greedy, 10 * KIB)).isNull();
        }
        assertThat(engine.totalBytes()).isLessThanOrEqualTo(1 << 20);
        assertThat(engine.pressureEvictedBatches()).isPositive();
        assertThat(quiet.stats().startOffset()).isZero();
        assertThat(greedy.stats().startOffset()).isPositive();
        assertThat(append(open(2, config(1 << 30)), 100)).as("nobody starves").isNull();
    }

    @Test
    void whoComesLateGetsItsShareOfTheTotal() {
        engine = new MemoryEngine(allocator, MemoryEngineConfig.ofTotalBytes(4 << 20));
        List<ShardStore> early = List.of(open(0, config(1 << 30)), open(1, config(1 << 30)));
        for (int batch = 0; batch < 400; batch++) {
            early.forEach(store -> append(store, 10 * KIB));
        }
        ShardStore late = open(2, config(1 << 30));
        for (int batch = 0; batch < 100; batch++) {
            assertThat(append(late, 10 * KIB)).isNull();
        }
        assertThat(late.stats().startOffset()).as("what it says is kept").isZero();
        assertThat(early).allSatisfy(store -> assertThat(store.stats().bytes()).isGreaterThan(500 * KIB));
        assertThat(engine.totalBytes()).isLessThanOrEqualTo(4 << 20);
    }

    @Test
    void whatIsPinnedGoesLast() {
        engine = new MemoryEngine(allocator, MemoryEngineConfig.ofTotalBytes(4 << 20));
        ShardStore pinned = open(0, config(1 << 30));
        pinned.pin("sleeper", 0);
        for (int batch = 0; batch < 300; batch++) {
            append(pinned, 10 * KIB);
        }
        ShardStore other = open(1, config(1 << 30));
        for (int batch = 0; batch < 300; batch++) {
            assertThat(append(other, 10 * KIB)).isNull();
        }
        assertThat(pinned.stats().startOffset()).isZero();
        assertThat(other.stats().startOffset()).isPositive();
    }

    @Test
    void aCompactedShardRefusesRatherThanForgets() {
        ShardStore store = open(0, new ShardConfig(-1, 20 * KIB, -1, 1 << 20, true));
        RmqException failure = null;
        int appended = 0;
        while (failure == null) {
            failure = append(store, KIB);
            appended += failure == null ? 1 : 0;
        }
        assertThat(failure.error()).isEqualTo(RmqError.STORAGE_FULL);
        assertThat(engine.refusedAppends()).isEqualTo(1);
        assertThat(store.stats().startOffset()).isZero();
        assertThat(store.stats().endOffset()).isEqualTo(appended);
        store.replace(new OffsetRange(0, 10), List.of());
        assertThat(append(store, KIB)).as("compaction makes room").isNull();
    }

    @Test
    void anOverrunPinIsCountedOnce() {
        ShardStore store = open(0, config(20 * KIB));
        store.pin("stuck", 0);
        store.pin("ahead", 1000);
        for (int batch = 0; batch < 100; batch++) {
            append(store, KIB);
        }
        assertThat(engine.overrunPins()).isEqualTo(1);
        assertThat(store.stats().bytes()).as("it still holds twice the limit").isBetween(38L * KIB, 40L * KIB);
        store.pin("stuck", store.stats().startOffset());
        append(store, KIB);
        append(store, KIB);
        assertThat(engine.overrunPins()).as("pinned anew and overrun again").isEqualTo(2);
        store.unpin("stuck");
        assertThat(store.stats().bytes()).as("nobody holds anything").isLessThanOrEqualTo(20 * KIB);
    }

    @Test
    void pinsAndStateAreBounded() {
        engine = new MemoryEngine(allocator, new MemoryEngineConfig(1 << 20, 1000, 3));
        ShardStore store = open(0, config(1 << 20));
        for (int pin = 0; pin < 3; pin++) {
            store.pin("p" + pin, pin);
        }
        store.pin("p1", 7);
        assertThatThrownBy(() -> store.pin("p3", 3))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.QUOTA_EXCEEDED));
        ByteBuf large = Unpooled.directBuffer().writeZero(2000);
        assertThatThrownBy(() ->
                        store.putState("s", 0, large).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RmqException.class)
                .hasMessageContaining("at most 1000 bytes");
        assertThat(large.refCnt()).isZero();
    }

    @Test
    void aFencedStoreReadsUntilItsShardIsDestroyed() {
        ShardStore fenced = open(0, config(1 << 20));
        append(fenced, 10);
        ShardId shard = new ShardId(new TopicId(1, 1), 0);
        engine.open(shard, config(1 << 20), 2, loop).toCompletableFuture().join();
        ByteBuf bytes = read(fenced, 0);
        assertThat(bytes.isReadable()).isTrue();
        bytes.release();
        engine.destroy(shard);
        List<RmqException> failures = new ArrayList<>();
        fenced.read(0, ReadLimits.ofBytes(100), loop, (owned, highWatermark, failure) -> failures.add(failure));
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.error()).isEqualTo(RmqError.CLOSED));
    }

    @Test
    void exactlyTheLimitOfRecordsStays() {
        ShardStore store = open(0, new ShardConfig(-1, 1 << 20, 7, 1 << 20, false));
        for (int batch = 0; batch < 10; batch++) {
            store.append(
                    RecordBatches.ofValues(1, "a", "b", "c"),
                    Durability.MEMORY,
                    (base, failure) -> assertThat(failure).isNull());
        }
        assertThat(store.stats().endOffset()).isEqualTo(30);
        assertThat(store.stats().startOffset()).as("inside a batch").isEqualTo(23);
    }

    @Test
    void aBatchLargerThanAChunkHasOneOfItsOwn() {
        ShardStore store = open(0, config(1 << 20));
        append(store, 10);
        append(store, 700 * KIB);
        append(store, 10);
        ByteBuf bytes = read(store, 0);
        assertThat(bytes.readableBytes()).isGreaterThan(700 * KIB);
        bytes.release();
        assertThat(store.stats().endOffset()).isEqualTo(3);
    }

    @Test
    void itsLimitsMustBePositive() {
        assertThatThrownBy(() -> MemoryEngineConfig.ofTotalBytes(0)).hasMessageContaining("positive");
        assertThat(MemoryEngineConfig.defaults().maxTotalBytes()).isPositive();
    }
}
