/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchFilter;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.TimestampAndOffset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Offsets by time, and derived state by name. */
public interface LookupRules extends Rules {

    private TimestampAndOffset find(ShardStore store, long timestampMillis) {
        return bench().await(store.offsetForTimestamp(timestampMillis));
    }

    @Test
    default void theFirstRecordAtOrAfterATimeIsFound() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batchAt(1000, 2000, 3000));
        bench().append(store, bench().batchAt(5000));
        bench().append(store, bench().batchAt(6000, 7000));
        assertThat(find(store, 0)).isEqualTo(new TimestampAndOffset(1000, 0));
        assertThat(find(store, 1000)).isEqualTo(new TimestampAndOffset(1000, 0));
        assertThat(find(store, 1001)).isEqualTo(new TimestampAndOffset(2000, 1));
        assertThat(find(store, 3000)).isEqualTo(new TimestampAndOffset(3000, 2));
        assertThat(find(store, 3001)).isEqualTo(new TimestampAndOffset(5000, 3));
        assertThat(find(store, 6500)).isEqualTo(new TimestampAndOffset(7000, 5));
        assertThat(find(store, 7001)).isEqualTo(TimestampAndOffset.NONE);
    }

    @Test
    default void timesMayGoBack() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batchAt(9000));
        bench().append(store, bench().batchAt(1000, 500));
        bench().append(store, bench().batchAt(9500, 2000, 9500));
        bench().append(store, bench().batchAt(100));
        assertThat(find(store, 400)).isEqualTo(new TimestampAndOffset(9000, 0));
        assertThat(find(store, 9001)).isEqualTo(new TimestampAndOffset(9500, 3));
        assertThat(find(store, ShardStore.LATEST_TIMESTAMP)).isEqualTo(new TimestampAndOffset(9500, 3));
    }

    @Test
    default void nothingIsFoundInAnEmptyShard() {
        ShardStore store = bench().open(1);
        assertThat(find(store, 0)).isEqualTo(TimestampAndOffset.NONE);
        assertThat(find(store, ShardStore.LATEST_TIMESTAMP)).isEqualTo(TimestampAndOffset.NONE);
        bench().append(store, bench().batchAt(1000));
        bench().await(store.deletePrefix(1));
        assertThat(find(store, 0)).isEqualTo(TimestampAndOffset.NONE);
        assertThat(find(store, ShardStore.LATEST_TIMESTAMP)).isEqualTo(TimestampAndOffset.NONE);
    }

    @Test
    default void whatIsBelowTheStartIsNotFoundByTime() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batchAt(5000, 1000));
        bench().append(store, bench().batchAt(2000));
        bench().await(store.deletePrefix(1));
        assertThat(find(store, 900)).isEqualTo(new TimestampAndOffset(1000, 1));
        assertThat(find(store, 1500)).isEqualTo(new TimestampAndOffset(2000, 2));
        assertThat(find(store, 4000)).isEqualTo(TimestampAndOffset.NONE);
        assertThat(find(store, ShardStore.LATEST_TIMESTAMP)).isEqualTo(new TimestampAndOffset(2000, 2));
    }

    @Test
    default void whatCompactionRemovedIsNotFoundByTime() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batchAt(1000));
        bench().append(store, bench().batchAt(2000));
        bench().append(store, bench().batchAt(3000));
        bench().await(store.replace(new OffsetRange(1, 2), List.of()));
        assertThat(find(store, 1500)).isEqualTo(new TimestampAndOffset(3000, 2));
    }

    @Test
    default void aBatchThatCompactionEmptiedKeepsItsPlaceAndIsNotFoundByTime() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batchAt(1000));
        bench().append(store, bench().batchAt(3000));
        bench().append(store, bench().batchAt(2000));
        ByteBuf second =
                RecordBatches.of(RecordBatches.Entry.of(3000, "k", "3000")).buffer();
        second.setLong(0, 1);
        RecordBatch emptied = RecordBatchFilter.empty(second, 0, UnpooledByteBufAllocator.DEFAULT);
        second.release();
        bench().await(store.replace(new OffsetRange(1, 2), List.of(bench().track(emptied))));
        assertThat(bench().read(store, 1).batchBases()).startsWith(1L, 2L);
        assertThat(bench().read(store, 0).offsets()).containsExactly(0L, 2L);
        assertThat(find(store, ShardStore.LATEST_TIMESTAMP)).isEqualTo(new TimestampAndOffset(2000, 2));
        assertThat(find(store, 1500)).isEqualTo(new TimestampAndOffset(2000, 2));
        assertThat(find(store, 2500)).isEqualTo(TimestampAndOffset.NONE);
    }

    // --- state

    private void assertState(ShardStore store, String name, long offset, String text) {
        StateSnapshot state = bench().await(store.getState(name));
        ByteBuf bytes = state.owned();
        assertThat(state.offset()).isEqualTo(offset);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(text);
        bytes.release();
    }

    @Test
    default void stateIsKeptByNameAndReplaced() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("a"));
        bench().await(store.putState("producers", 1, bench().bytes("first")));
        bench().await(store.putState("aborted", 0, bench().bytes("other")));
        assertState(store, "producers", 1, "first");
        bench().await(store.putState("producers", 2, bench().bytes("second")));
        assertState(store, "producers", 2, "second");
        assertState(store, "producers", 2, "second");
        assertState(store, "aborted", 0, "other");
        bench().await(store.putState("aborted", 3, bench().bytes("")));
        assertState(store, "aborted", 3, "");
    }

    @Test
    default void stateThatWasNeverPutIsEmpty() {
        ShardStore store = bench().open(1);
        StateSnapshot state = bench().await(store.getState("unknown"));
        assertThat(state.offset()).isEqualTo(-1);
        assertThat(state.owned().isReadable()).isFalse();
        state.owned().release();
    }

    @Test
    default void stateMovesToTheNextOwner() {
        ShardStore store = bench().open(1);
        bench().await(store.putState("s", 0, bench().bytes("kept")));
        bench().await(store.close());
        ShardStore next = bench().open(2);
        assertState(next, "s", 0, "kept");
    }

    @Test
    default void aStateInHandOutlivesItsReplacement() {
        ShardStore store = bench().open(1);
        bench().await(store.putState("s", 0, bench().bytes("first")));
        StateSnapshot inHand = bench().await(store.getState("s"));
        bench().await(store.putState("s", 1, bench().bytes("second")));
        bench().await(bench().engine().destroy(ConformanceBench.SHARD));
        assertThat(inHand.owned().toString(StandardCharsets.UTF_8)).isEqualTo("first");
        inHand.owned().release();
    }
}
