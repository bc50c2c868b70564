/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadCallback;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.TimestampAndOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A store that remembers what state was put, in order, and can refuse it. Confined to its owner's loop, reads aside. */
final class StateKeeper implements ShardStore {
    private final ShardStore store;
    final List<Kept> kept = new ArrayList<>();
    boolean refuseState;
    long stateReads;
    long stateReadBytes;
    int listeners;

    /** One put. */
    record Kept(String name, long offset, byte[] bytes) {}

    StateKeeper(ShardStore store) {
        this.store = store;
    }

    void restore(Kept state) {
        kept.add(state);
        store.putState(state.name, state.offset, Unpooled.wrappedBuffer(state.bytes));
    }

    /** What was put last under the name; null for nothing. */
    byte @Nullable [] last(String name) {
        byte[] found = null;
        for (Kept each : kept) {
            found = each.name.equals(name) ? each.bytes : found;
        }
        return found;
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        if (refuseState) {
            owned.release();
            return CompletableFuture.failedFuture(RmqError.STORAGE_FULL.exception("no room for state"));
        }
        kept.add(new Kept(name, offset, ByteBufUtil.getBytes(owned)));
        return store.putState(name, offset, owned);
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        stateReads++;
        return store.getState(name).thenApply(state -> {
            stateReadBytes += state.owned().readableBytes();
            return state;
        });
    }

    @Override
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        store.append(owned, durability, done);
    }

    @Override
    public void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        store.read(fromOffset, limits, loop, done);
    }

    @Override
    public CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis) {
        return store.offsetForTimestamp(timestampMillis);
    }

    @Override
    public CompletionStage<Long> deletePrefix(long newStartOffset) {
        return store.deletePrefix(newStartOffset);
    }

    @Override
    public CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        return store.replace(range, owned);
    }

    @Override
    public void pin(String name, long offset) {
        store.pin(name, offset);
    }

    @Override
    public void unpin(String name) {
        store.unpin(name);
    }

    @Override
    public CompletionStage<Void> update(ShardConfig config) {
        return store.update(config);
    }

    @Override
    public ShardStats stats() {
        return store.stats();
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        listeners++;
        Cancellable registration = store.onHighWatermark(loop, listener);
        return () -> {
            listeners--;
            registration.cancel();
        };
    }

    @Override
    public CompletionStage<Void> close() {
        return store.close();
    }
}
