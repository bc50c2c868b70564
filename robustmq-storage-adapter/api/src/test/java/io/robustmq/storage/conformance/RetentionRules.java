/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.RmqError;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import org.junit.jupiter.api.Test;

/**
 * What goes by itself and what must not: bytes, records, time, pins. An engine that drops whole segments says in its fixture
 * how much more than a limit it may keep.
 */
public interface RetentionRules extends Rules {
    /** Bytes of the values of most batches here; with the header about a kilobyte. */
    int VALUE_BYTES = 920;

    private static ShardConfig config(long millis, long bytes, long records) {
        return new ShardConfig(millis, bytes, records, 1 << 20, false);
    }

    private void append(ShardStore store, int batches) {
        for (int append = 0; append < batches; append++) {
            bench().append(store, bench().batchOfBytes(VALUE_BYTES));
        }
    }

    private void awaitStart(ShardStore store, String what, long atLeast) {
        bench().awaitUntil(what, () -> {
            bench().loop().advance(1000);
            return store.stats().startOffset() >= atLeast;
        });
    }

    @Test
    default void nothingGoesWithinTheLimits() {
        ShardStore store = bench().open(config(3_600_000, 1 << 20, 1000), 1);
        append(store, 100);
        bench().loop().advance(60_000);
        assertThat(store.stats().startOffset()).isZero();
        assertThat(bench().read(store, 0).offsets()).startsWith(0L);
    }

    @Test
    default void theOldestGoBeyondTheLimitInBytes() {
        long limit = 20_000;
        long slack = bench().fixture().retentionSlackBytes();
        ShardStore store = bench().open(config(-1, limit, -1), 1);
        append(store, (int) ((limit + slack) / 900) * 5);
        bench().awaitUntil("the oldest go", () -> store.stats().bytes() <= limit + slack);
        ShardStats stats = store.stats();
        assertThat(stats.startOffset()).isPositive();
        assertThat(stats.bytes()).as("no more than needed goes").isGreaterThan(limit - 2 * 1024);
        bench().readRefused(store, 0, RmqError.OUT_OF_RANGE, Long.toString(stats.startOffset()));
        assertThat(bench().readAll(store, stats.startOffset(), 5000))
                .hasSize((int) (stats.endOffset() - stats.startOffset()));
    }

    @Test
    default void theNewestBatchStaysEvenIfItIsLargerThanTheLimit() {
        ShardStore store = bench().open(config(-1, 2000, -1), 1);
        bench().append(store, bench().batchOfBytes(100));
        bench().append(store, bench().batchOfBytes(9000));
        assertThat(bench().read(store, 1).offsets()).containsExactly(1L);
    }

    @Test
    default void theOldestGoBeyondTheLimitInRecords() {
        long slackRecords = bench().fixture().retentionSlackBytes() / 900;
        ShardStore store = bench().open(config(-1, 1 << 26, 10), 1);
        int batches = (int) (slackRecords + 10) * 5;
        append(store, batches);
        bench().awaitUntil("the oldest go", () -> batches - store.stats().startOffset() <= 10 + slackRecords);
        assertThat(batches - store.stats().startOffset()).isGreaterThanOrEqualTo(10);
    }

    @Test
    default void theOldestGoWhenTheirTimeIsOver() {
        ShardStore store = bench().open(config(60_000, 1 << 26, -1), 1);
        append(store, 5);
        bench().loop().advance(40_000);
        append(store, 5);
        assertThat(store.stats().startOffset()).isZero();
        bench().loop().advance(19_000);
        assertThat(store.stats().startOffset()).as("not before its time").isZero();
        if (bench().fixture().retentionSlackBytes() == 0) {
            awaitStart(store, "the first five go", 5);
            assertThat(store.stats().startOffset()).isEqualTo(5);
            assertThat(bench().read(store, 5).offsets()).containsExactly(5L, 6L, 7L, 8L, 9L);
        }
        bench().loop().advance(60_000);
        awaitStart(store, "all go", bench().fixture().retentionSlackBytes() == 0 ? 10 : 0);
        assertThat(bench().append(store, bench().batch("next"))).isEqualTo(10);
    }

    @Test
    default void whatTheLastOwnerLeftGrowsOldToo() {
        ShardConfig config = config(60_000, 1 << 26, -1);
        ShardStore store = bench().open(config, 1);
        append(store, 5);
        bench().await(store.close());
        ShardStore next = bench().open(config, 2);
        bench().loop().advance(50_000);
        assertThat(next.stats().startOffset()).isZero();
        bench().loop().advance(20_000);
        awaitStart(next, "all go", bench().fixture().retentionSlackBytes() == 0 ? 5 : 0);
    }

    @Test
    default void anUpdateAppliesToWhatIsThere() {
        ShardStore store = bench().open(1);
        long slack = bench().fixture().retentionSlackBytes();
        append(store, (int) ((20_000 + slack) / 900) * 4);
        assertThat(store.stats().startOffset()).isZero();
        bench().await(store.update(config(-1, 10_000, -1)));
        bench().awaitUntil("the oldest go", () -> store.stats().bytes() <= 10_000 + slack);
        assertThat(store.stats().startOffset()).isPositive();
    }

    @Test
    default void aPinHoldsWhatRetentionWouldDrop() {
        ShardStore store = bench().open(config(60_000, 20_000, 5), 1);
        append(store, 3);
        store.pin("session", 2);
        append(store, 15);
        bench().loop().advance(10_000_000);
        assertThat(store.stats().startOffset())
                .as("held against records and time")
                .isLessThanOrEqualTo(2);
        assertThat(bench().read(store, 2).offsets()).startsWith(2L);
        store.pin("session", 6);
        bench().loop().advance(200_000);
        append(store, 1);
        assertThat(store.stats().startOffset())
                .as("a new value replaces the old one")
                .isLessThanOrEqualTo(6);
        assertThat(bench().read(store, 6).offsets()).startsWith(6L);
        store.unpin("session");
        append(store, 1);
        awaitStart(store, "what nobody holds goes", bench().fixture().retentionSlackBytes() == 0 ? 14 : 0);
    }

    @Test
    default void theLowestPinCounts() {
        ShardStore store = bench().open(config(-1, 1 << 20, 5), 1);
        store.pin("one", 3);
        store.pin("two", 8);
        store.pin("three", 5);
        append(store, 30);
        assertThat(bench().read(store, 3).offsets()).startsWith(3L);
        store.unpin("one");
        append(store, 1);
        assertThat(bench().read(store, 5).offsets()).startsWith(5L);
        store.unpin("unknown");
        store.unpin("three");
        append(store, 1);
        assertThat(bench().read(store, 8).offsets()).startsWith(8L);
    }

    @Test
    default void aPinHoldsNoMoreThanTheEngineCanBear() {
        long limit = 20_000;
        long slack = bench().fixture().retentionSlackBytes();
        ShardStore store = bench().open(config(-1, limit, -1), 1);
        store.pin("stuck", 0);
        append(store, 30);
        assertThat(store.stats().startOffset()).as("held up to twice the limit").isZero();
        append(store, (int) ((limit + slack) / 900) * 5);
        if (!bench().engine().capabilities().contains(io.robustmq.storage.Capability.DURABLE)) {
            assertThat(store.stats().startOffset()).as("overrun").isPositive();
            assertThat(store.stats().bytes()).isLessThanOrEqualTo(2 * limit + slack);
        }
        assertThat(store.stats().bytes()).as("it still holds what is left").isGreaterThan(limit);
    }

    @Test
    default void deletionDoesNotLookAtPins() {
        ShardStore store = bench().open(1);
        append(store, 10);
        store.pin("p", 0);
        assertThat(bench().await(store.deletePrefix(5))).isEqualTo(5);
    }

    @Test
    default void pinsEndWithTheirStore() {
        ShardConfig config = config(-1, 1 << 20, 5);
        ShardStore store = bench().open(config, 1);
        append(store, 5);
        store.pin("p", 0);
        append(store, 10);
        bench().await(store.close());
        ShardStore next = bench().open(config, 2);
        append(next, 1);
        awaitStart(next, "what nobody holds goes", bench().fixture().retentionSlackBytes() == 0 ? 11 : 0);
    }

    @Test
    default void aCompactedShardLosesNothingByItself() {
        ShardStore store = bench().open(new ShardConfig(1000, 1 << 20, 5, 1 << 20, true), 1);
        append(store, 50);
        bench().loop().advance(100_000_000);
        append(store, 1);
        assertThat(store.stats().startOffset()).isZero();
        assertThat(bench().readAll(store, 0, 10_000)).hasSize(51);
    }
}
