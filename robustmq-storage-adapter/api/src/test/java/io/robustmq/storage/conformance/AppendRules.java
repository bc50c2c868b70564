/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats.EpochEnd;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Appending: dense offsets, order of completions, refusals without effect, ownership of what is handed over. */
public interface AppendRules extends Rules {

    @Test
    default void offsetsAreDenseAndBatchesAreKeptAsTheyWere() {
        ShardStore store = bench().open(1);
        assertThat(bench().append(store, bench().batch("a", "b"))).isZero();
        assertThat(bench().append(store, bench().batch("c"))).isEqualTo(2);
        assertThat(bench().append(store, bench().batch("d", "e", "f"))).isEqualTo(3);
        ConformanceBench.Answer answer = bench().read(store, 0);
        assertThat(answer.offsets()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(answer.values()).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(answer.batchBases()).containsExactly(0L, 2L, 3L);
    }

    @Test
    default void everyDurabilityIsAcknowledged() {
        ShardStore store = bench().open(1);
        long next = 0;
        for (Durability durability : Durability.values()) {
            assertThat(bench().append(store, bench().batch("v"), durability)).isEqualTo(next++);
        }
        assertThat(store.stats().highWatermark()).isEqualTo(next);
    }

    @Test
    default void theEpochIsPatchedIntoTheBatch() {
        ShardStore store = bench().open(7);
        bench().append(store, bench().batch("a"));
        List<Integer> epochs = new ArrayList<>();
        store.read(0, ReadLimits.ofBytes(1000), bench().loop(), (owned, highWatermark, failure) -> {
            RecordBatch batch = new RecordBatch(owned);
            epochs.add(batch.partitionLeaderEpoch());
            batch.release();
        });
        bench().awaitUntil("the read completes", () -> !epochs.isEmpty());
        assertThat(epochs).containsExactly(7);
    }

    @Test
    default void completionsComeInTheOrderOfTheAppends() {
        ShardStore store = bench().open(1);
        List<Long> completed = new ArrayList<>();
        for (int append = 0; append < 100; append++) {
            Durability durability = Durability.values()[append % Durability.values().length];
            store.append(bench().batch("v" + append), durability, (base, failure) -> completed.add(base));
        }
        bench().awaitUntil("all appends complete", () -> completed.size() >= 100);
        bench().loop().turn();
        assertThat(completed).hasSize(100);
        for (int append = 0; append < 100; append++) {
            assertThat(completed.get(append)).isEqualTo(append);
        }
    }

    @Test
    default void whatACallbackSeesIsCommitted() {
        ShardStore store = bench().open(1);
        List<Long> watermarks = new ArrayList<>();
        for (int append = 0; append < 10; append++) {
            store.append(bench().batch("v"), Durability.FSYNC, (base, failure) -> {
                assertThat(store.stats().highWatermark()).isGreaterThan(base);
                watermarks.add(store.stats().highWatermark());
            });
        }
        bench().awaitUntil("all appends complete", () -> watermarks.size() == 10);
        assertThat(watermarks).isSorted();
    }

    @Test
    default void aCallbackMayAppendAgain() {
        ShardStore store = bench().open(1);
        List<Long> completed = new ArrayList<>();
        RecordBatch second = bench().batch("second");
        store.append(bench().batch("first"), Durability.MEMORY, (base, failure) -> {
            completed.add(base);
            store.append(second, Durability.MEMORY, (nextBase, nextFailure) -> completed.add(nextBase));
        });
        bench().awaitUntil("both appends complete", () -> completed.size() == 2);
        assertThat(completed).containsExactly(0L, 1L);
    }

    @Test
    default void aTooLargeBatchIsRefusedWithoutEffect() {
        ShardConfig config = new ShardConfig(-1, 1 << 20, -1, 1024, false);
        ShardStore store = bench().open(config, 1);
        bench().append(store, bench().batch("small"));
        bench().appendRefused(store, bench().batchOfBytes(2000), RmqError.PAYLOAD_TOO_LARGE);
        assertThat(store.stats().endOffset()).isEqualTo(1);
        assertThat(bench().append(store, bench().batch("next"))).isEqualTo(1);
    }

    @Test
    default void whatIsNoBatchIsRefusedWithoutEffect() {
        ShardStore store = bench().open(1);
        ByteBuf tooShort = Unpooled.directBuffer().writeZero(20);
        bench().appendRefused(store, bench().track(new RecordBatch(tooShort)), RmqError.CORRUPT_BATCH);
        ByteBuf zeros = Unpooled.directBuffer().writeZero(100);
        bench().appendRefused(store, bench().track(new RecordBatch(zeros)), RmqError.CORRUPT_BATCH);
        RecordBatch truncated = bench().batch("abcdef");
        truncated.buffer().writerIndex(truncated.buffer().writerIndex() - 1);
        bench().appendRefused(store, truncated, RmqError.CORRUPT_BATCH);
        assertThat(store.stats().endOffset()).isZero();
    }

    @Test
    default void aBatchWithGapsIsRefused() {
        ShardStore store = bench().open(1);
        RecordBatch gap = bench().batch("a", "b");
        int lastOffsetDelta = 23;
        gap.buffer().setInt(gap.buffer().readerIndex() + lastOffsetDelta, 5);
        bench().appendRefused(store, gap, RmqError.CORRUPT_BATCH);
        assertThat(store.stats().endOffset()).isZero();
    }

    @Test
    default void aThrowingCallbackLeavesNoBufferBehind() {
        ShardStore store = bench().open(1);
        RecordBatch batch = bench().batch("a");
        try {
            store.append(batch, Durability.MEMORY, (base, failure) -> {
                throw new IllegalStateException("the callback's own fault");
            });
            bench().loop().turn();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("the callback's own fault");
        }
        bench().awaitUntil("the batch is released", () -> batch.buffer().refCnt() == 0);
        assertThat(bench().append(store, bench().batch("b"))).isEqualTo(1);
    }

    @Test
    default void anOlderEpochIsFencedWithoutEffect() {
        ShardStore old = bench().open(1);
        bench().append(old, bench().batch("a"));
        ShardStore young = bench().open(2);
        bench().appendRefused(old, bench().batch("late"), RmqError.FENCED);
        assertThat(young.stats().endOffset()).isEqualTo(1);
        assertThat(bench().append(young, bench().batch("b"))).isEqualTo(1);
        bench().appendRefused(old, bench().batch("later"), RmqError.FENCED);
        assertThat(bench().read(young, 0).values()).containsExactly("a", "b");
    }

    @Test
    default void anOlderEpochCannotOpen() {
        bench().open(5);
        bench().awaitFailure(
                        bench().engine().open(ConformanceBench.SHARD, ConformanceBench.CONFIG, 4, bench().loop()),
                        RmqError.FENCED);
        // Two owners under one epoch could both acknowledge (I2).
        bench().awaitFailure(
                        bench().engine().open(ConformanceBench.SHARD, ConformanceBench.CONFIG, 5, bench().loop()),
                        RmqError.FENCED);
    }

    @Test
    default void aFencedOwnerChangesNothingElse() {
        ShardStore old = bench().open(1);
        bench().append(old, bench().batch("a"));
        bench().append(old, bench().batch("b"));
        ShardStore young = bench().open(2);
        bench().awaitFailure(old.deletePrefix(1), RmqError.FENCED);
        bench().awaitFailure(old.putState("s", 1, bench().bytes("old")), RmqError.FENCED);
        bench().awaitFailure(old.replace(new OffsetRange(0, 1), List.of(bench().batch("x"))), RmqError.FENCED);
        bench().awaitFailure(old.update(ConformanceBench.CONFIG), RmqError.FENCED);
        old.pin("p", 0);
        old.unpin("p");
        bench().await(old.close());
        assertThat(young.stats().startOffset()).isZero();
        assertThat(bench().read(young, 0).values()).containsExactly("a", "b");
    }

    @Test
    default void epochsAreKnownWithTheirEnds() {
        ShardStore first = bench().open(1);
        bench().append(first, bench().batch("a", "b"));
        bench().await(first.close());
        ShardStore third = bench().open(3);
        assertThat(third.stats().epochs()).containsExactly(new EpochEnd(1, 2), new EpochEnd(3, 2));
        bench().append(third, bench().batch("c"));
        assertThat(third.stats().epochs()).containsExactly(new EpochEnd(1, 2), new EpochEnd(3, 3));
    }

    @Test
    default void anInvalidReplacementThrowsNothingAndReleasesAll() {
        ShardStore store = bench().open(1);
        assertThatThrownBy(() -> new OffsetRange(3, 2)).hasMessageContaining("not a range");
        bench().append(store, bench().batch("a", "b", "c"));
        RecordBatch inside = bench().batch("x");
        inside.assign(1, 1);
        bench().awaitFailure(store.replace(new OffsetRange(1, 2), List.of(inside)), RmqError.INVALID_REQUEST);
        assertThat(inside.buffer().refCnt()).isZero();
        assertThat(bench().read(store, 0).values()).containsExactly("a", "b", "c");
    }
}
