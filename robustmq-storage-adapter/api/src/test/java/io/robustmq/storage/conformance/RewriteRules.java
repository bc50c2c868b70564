/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Deleting a prefix and replacing a range by its compacted form: the only two sources of gaps. */
public interface RewriteRules extends Rules {

    /** A batch with a place of its own, as compaction makes it. */
    private RecordBatch at(long baseOffset, String... values) {
        RecordBatch batch = bench().batch(values);
        batch.assign(baseOffset, 1);
        return batch;
    }

    private ShardStore withTenBatches() {
        ShardStore store = bench().open(1);
        for (int append = 0; append < 10; append++) {
            bench().append(store, bench().batch("v" + append));
        }
        return store;
    }

    @Test
    default void aPrefixIsDeletedAndTheRestStays() {
        ShardStore store = withTenBatches();
        assertThat(bench().await(store.deletePrefix(4))).isEqualTo(4);
        assertThat(store.stats().startOffset()).isEqualTo(4);
        assertThat(store.stats().endOffset()).isEqualTo(10);
        assertThat(bench().read(store, 4).values()).startsWith("v4").endsWith("v9");
        bench().readRefused(store, 3, RmqError.OUT_OF_RANGE, "4");
        assertThat(bench().append(store, bench().batch("v10"))).isEqualTo(10);
    }

    @Test
    default void aPrefixMayEndInsideABatch() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("a", "b", "c"));
        assertThat(bench().await(store.deletePrefix(2))).isEqualTo(2);
        assertThat(store.stats().startOffset()).isEqualTo(2);
        bench().readRefused(store, 1, RmqError.OUT_OF_RANGE, "2");
        assertThat(bench().read(store, 2).values()).as("whole batches").contains("c");
    }

    @Test
    default void aPrefixNeverShrinksAndNeverPassesTheHighWatermark() {
        ShardStore store = withTenBatches();
        assertThat(bench().await(store.deletePrefix(6))).isEqualTo(6);
        assertThat(bench().await(store.deletePrefix(2))).isEqualTo(6);
        assertThat(bench().await(store.deletePrefix(0))).isEqualTo(6);
        assertThat(bench().await(store.deletePrefix(1000))).isEqualTo(10);
        assertThat(store.stats().startOffset()).isEqualTo(10);
        assertThat(bench().read(store, 10).bytes()).isZero();
        assertThat(bench().append(store, bench().batch("next"))).isEqualTo(10);
        assertThat(bench().read(store, 10).values()).containsExactly("next");
    }

    @Test
    default void aDeletedPrefixStaysDeletedForTheNextOwner() {
        ShardStore store = withTenBatches();
        bench().await(store.deletePrefix(7));
        bench().await(store.close());
        ShardStore next = bench().open(2);
        assertThat(next.stats().startOffset()).isEqualTo(7);
        bench().readRefused(next, 6, RmqError.OUT_OF_RANGE, "7");
    }

    @Test
    default void aReplacedRangeKeepsOffsetsAndLeavesGaps() {
        ShardStore store = withTenBatches();
        bench().await(store.replace(new OffsetRange(2, 7), List.of(at(3, "v3"), at(5, "v5", "v6"))));
        ConformanceBench.Answer all = bench().read(store, 0);
        assertThat(all.offsets()).containsExactly(0L, 1L, 3L, 5L, 6L, 7L, 8L, 9L);
        assertThat(all.values()).containsExactly("v0", "v1", "v3", "v5", "v6", "v7", "v8", "v9");
        assertThat(bench().read(store, 2).batchBases())
                .as("the first after a gap")
                .startsWith(3L);
        assertThat(bench().read(store, 4).batchBases()).startsWith(5L);
        assertThat(bench().read(store, 4, new ReadLimits(1, Long.MAX_VALUE)).batchBases())
                .containsExactly(5L);
        assertThat(store.stats().startOffset()).isZero();
        assertThat(bench().append(store, bench().batch("v10"))).isEqualTo(10);
    }

    @Test
    default void aRangeMayBecomeEmptyAtEitherEnd() {
        ShardStore store = withTenBatches();
        bench().await(store.replace(new OffsetRange(0, 3), List.of()));
        assertThat(bench().read(store, 0).batchBases()).startsWith(3L);
        bench().await(store.replace(new OffsetRange(8, 10), List.of()));
        assertThat(bench().read(store, 3).batchBases()).containsExactly(3L, 4L, 5L, 6L, 7L);
        ConformanceBench.Answer behind = bench().read(store, 8);
        assertThat(behind.failure()).isNull();
        assertThat(behind.bytes())
                .as("nothing is left between here and the watermark")
                .isZero();
        assertThat(behind.highWatermark()).isEqualTo(10);
        assertThat(store.stats().endOffset()).isEqualTo(10);
        assertThat(bench().append(store, bench().batch("v10"))).isEqualTo(10);
        assertThat(bench().read(store, 8).batchBases()).containsExactly(10L);
    }

    @Test
    default void everythingMayBeReplacedAgainAndAgain() {
        ShardStore store = withTenBatches();
        bench().await(store.replace(new OffsetRange(0, 10), List.of(at(1, "v1"), at(9, "v9"))));
        bench().await(store.replace(new OffsetRange(0, 10), List.of(at(9, "v9"))));
        assertThat(bench().read(store, 0).offsets()).containsExactly(9L);
        bench().append(store, bench().batch("v10"));
        bench().await(store.replace(new OffsetRange(0, 11), List.of()));
        assertThat(bench().read(store, 0).bytes()).isZero();
        assertThat(store.stats().endOffset()).isEqualTo(11);
        assertThat(bench().append(store, bench().batch("v11"))).isEqualTo(11);
        assertThat(bench().read(store, 0).offsets()).containsExactly(11L);
    }

    @Test
    default void aReplacementOutsideItsRangeIsRefusedWithoutEffect() {
        ShardStore store = withTenBatches();
        bench().awaitFailure(store.replace(new OffsetRange(2, 4), List.of(at(4, "x"))), RmqError.INVALID_REQUEST);
        bench().awaitFailure(store.replace(new OffsetRange(2, 4), List.of(at(1, "x"))), RmqError.INVALID_REQUEST);
        bench().awaitFailure(
                        store.replace(new OffsetRange(2, 6), List.of(at(4, "x"), at(3, "y"))),
                        RmqError.INVALID_REQUEST);
        bench().awaitFailure(store.replace(new OffsetRange(8, 11), List.of()), RmqError.INVALID_REQUEST);
        assertThat(bench().read(store, 0).offsets()).hasSize(10);
    }

    @Test
    default void aReplacementThatCutsABatchIsRefusedWithoutEffect() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("a", "b", "c"));
        bench().append(store, bench().batch("d"));
        bench().awaitFailure(store.replace(new OffsetRange(1, 3), List.of(at(1, "x"))), RmqError.INVALID_REQUEST);
        bench().awaitFailure(store.replace(new OffsetRange(0, 2), List.of(at(1, "x"))), RmqError.INVALID_REQUEST);
        assertThat(bench().read(store, 0).values()).containsExactly("a", "b", "c", "d");
    }

    @Test
    default void aReplacementDoesNotBringBackWhatWasDeleted() {
        ShardStore store = withTenBatches();
        bench().await(store.deletePrefix(5));
        bench().await(store.replace(new OffsetRange(0, 8), List.of(at(2, "v2"), at(6, "v6"))));
        assertThat(store.stats().startOffset()).isEqualTo(5);
        bench().readRefused(store, 2, RmqError.OUT_OF_RANGE, "5");
        assertThat(bench().read(store, 5).offsets()).containsExactly(6L, 8L, 9L);
    }
}
