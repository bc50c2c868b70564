/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading: whole batches below the high watermark, limits, refusals that name the start, watermark listeners. */
public interface ReadRules extends Rules {

    @Test
    default void aReadBeginsWithTheBatchThatHoldsTheOffset() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("a", "b", "c"));
        bench().append(store, bench().batch("d", "e"));
        assertThat(bench().read(store, 0).batchBases()).containsExactly(0L, 3L);
        assertThat(bench().read(store, 2).batchBases()).containsExactly(0L, 3L);
        assertThat(bench().read(store, 3).batchBases()).containsExactly(3L);
        assertThat(bench().read(store, 4).batchBases()).containsExactly(3L);
    }

    @Test
    default void aReadAtTheHighWatermarkIsEmpty() {
        ShardStore store = bench().open(1);
        ConformanceBench.Answer empty = bench().read(store, 0);
        assertThat(empty.failure()).isNull();
        assertThat(empty.bytes()).isZero();
        assertThat(empty.highWatermark()).isZero();
        bench().append(store, bench().batch("a", "b"));
        ConformanceBench.Answer atEnd = bench().read(store, 2);
        assertThat(atEnd.failure()).isNull();
        assertThat(atEnd.bytes()).isZero();
        assertThat(atEnd.highWatermark()).isEqualTo(2);
    }

    @Test
    default void aReadBelowTheStartNamesTheStart() {
        ShardStore store = bench().open(1);
        for (int append = 0; append < 50; append++) {
            bench().append(store, bench().batch("v" + append));
        }
        bench().await(store.deletePrefix(37));
        bench().readRefused(store, 0, RmqError.OUT_OF_RANGE, "37");
        bench().readRefused(store, 36, RmqError.OUT_OF_RANGE, "37");
        assertThat(bench().read(store, 37).values()).startsWith("v37");
    }

    @Test
    default void aReadBeyondTheEndIsOutOfRange() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("a"));
        bench().readRefused(store, 2, RmqError.OUT_OF_RANGE, "0");
        bench().readRefused(store, Long.MAX_VALUE, RmqError.OUT_OF_RANGE, "0");
        bench().readRefused(store, -1, RmqError.OUT_OF_RANGE, "0");
    }

    @Test
    default void maxBytesIsASoftLimit() {
        ShardStore store = bench().open(1);
        for (int append = 0; append < 20; append++) {
            bench().append(store, bench().batch("0123456789"));
        }
        int size = bench().read(store, 0, ReadLimits.ofBytes(1)).bytes();
        assertThat(bench().read(store, 0, ReadLimits.ofBytes(1)).batchBases())
                .as("one batch even if it is larger")
                .containsExactly(0L);
        assertThat(bench().read(store, 5, ReadLimits.ofBytes(size)).batchBases())
                .containsExactly(5L);
        assertThat(bench().read(store, 0, ReadLimits.ofBytes(3 * size)).batchBases())
                .containsExactly(0L, 1L, 2L);
        assertThat(bench().read(store, 0, ReadLimits.ofBytes(4 * size - 1)).batchBases())
                .containsExactly(0L, 1L, 2L);
    }

    @Test
    default void maxOffsetEndsARead() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("a", "b"));
        bench().append(store, bench().batch("c", "d"));
        assertThat(bench().read(store, 0, new ReadLimits(1 << 20, 2)).batchBases())
                .containsExactly(0L);
        assertThat(bench().read(store, 0, new ReadLimits(1 << 20, 3)).batchBases())
                .containsExactly(0L, 2L);
        ConformanceBench.Answer nothing = bench().read(store, 2, new ReadLimits(1 << 20, 2));
        assertThat(nothing.failure()).isNull();
        assertThat(nothing.bytes()).isZero();
        assertThat(nothing.highWatermark()).isEqualTo(4);
    }

    @Test
    default void largeAndSmallBatchesComeBackInOneSequence() {
        ShardStore store = bench().open(1);
        List<String> expected = new ArrayList<>();
        for (int append = 0; append < 120; append++) {
            String value = append + "-" + "x".repeat(append % 7 == 0 ? 40_000 : append * 3);
            bench().append(store, bench().batch(value));
            expected.add(value);
        }
        for (int maxBytes : new int[] {1, 5_000, 100_000, 1 << 20, Integer.MAX_VALUE}) {
            List<ConformanceBench.Item> all = bench().readAll(store, 0, maxBytes);
            assertThat(all.stream().map(ConformanceBench.Item::value).toList()).isEqualTo(expected);
            assertThat(all.get(119).offset()).isEqualTo(119);
        }
    }

    @Test
    default void aReadBufferOutlivesWhateverHappensToTheShard() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("kept"));
        List<ByteBuf> held = new ArrayList<>();
        store.read(0, ReadLimits.ofBytes(1000), bench().loop(), (owned, highWatermark, failure) -> held.add(owned));
        bench().awaitUntil("the read completes", () -> !held.isEmpty());
        bench().await(store.deletePrefix(1));
        for (int append = 0; append < 50; append++) {
            bench().append(store, bench().batchOfBytes(10_000));
        }
        bench().await(bench().engine().destroy(ConformanceBench.SHARD));
        assertThat(ConformanceBench.decode(held.get(0), 1, null).values()).containsExactly("kept");
    }

    @Test
    default void listenersHearTheLatestHighWatermark() {
        ShardStore store = bench().open(1);
        List<Long> heard = new ArrayList<>();
        Cancellable registration = store.onHighWatermark(bench().loop(), heard::add);
        bench().append(store, bench().batch("a"));
        bench().awaitUntil("the first is heard", () -> heard.contains(1L));
        for (int append = 0; append < 20; append++) {
            bench().append(store, bench().batch("v"));
        }
        bench().awaitUntil("the last is heard", () -> heard.contains(21L));
        assertThat(heard).as("never goes back (I4)").isSorted().doesNotHaveDuplicates();
        registration.cancel();
        registration.cancel();
        int before = heard.size();
        bench().append(store, bench().batch("unheard"));
        bench().loop().turn();
        assertThat(heard).hasSize(before);
    }

    @Test
    default void aFullAndAnEmptyShardTellTheirStats() {
        ShardStore store = bench().open(1);
        assertThat(store.stats().bytes()).isZero();
        int bytes = 0;
        for (int append = 0; append < 10; append++) {
            var batch = bench().batch("value" + append);
            bytes += batch.sizeBytes();
            bench().append(store, batch);
        }
        assertThat(store.stats().bytes()).isEqualTo(bytes);
        assertThat(store.stats().startOffset()).isZero();
        assertThat(store.stats().endOffset()).isEqualTo(10);
        assertThat(store.stats().segments()).isPositive();
        bench().await(store.deletePrefix(10));
        assertThat(store.stats().bytes()).isLessThanOrEqualTo(bench().fixture().retentionSlackBytes());
        assertThat(store.stats().startOffset()).isEqualTo(10);
    }
}
