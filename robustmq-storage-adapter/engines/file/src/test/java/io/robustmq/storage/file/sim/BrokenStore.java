/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import io.netty.buffer.ByteBuf;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** A store with one {@link Defect}. Confined as the store is. */
final class BrokenStore implements ShardStore {
    private static final int ONE_IN = 10;

    private final ShardStore store;
    private final Defect defect;
    private int calls;
    private long early = -1;

    BrokenStore(ShardStore store, Defect defect) {
        this.store = store;
        this.defect = defect;
    }

    private boolean now() {
        return ++calls % ONE_IN == 0;
    }

    @Override
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        int count = owned.lastOffsetDelta() + 1;
        early = early < 0 ? store.stats().endOffset() : early;
        switch (defect) {
            case ANSWERS_EARLY -> {
                done.completed(early, null);
                early += count;
                store.append(owned, durability, (base, failure) -> {});
            }
            case ANSWERS_TWICE -> {
                boolean twice = now();
                store.append(owned, durability, (base, failure) -> {
                    done.completed(base, failure);
                    if (twice) {
                        done.completed(base, failure);
                    }
                });
            }
            case FORGETS_APPENDS -> {
                if (now()) {
                    owned.release();
                    done.completed(store.stats().endOffset(), null);
                } else {
                    store.append(owned, durability, done);
                }
            }
            case ANSWERS_FENCED ->
                store.append(owned, durability, (base, failure) -> {
                    boolean fenced = failure != null && failure.error() == RmqError.FENCED;
                    done.completed(fenced ? early : base, fenced ? null : failure);
                });
            case KEEPS_BUFFERS -> {
                if (now()) {
                    owned.buffer().retain();
                }
                store.append(owned, durability, done);
            }
            default -> store.append(owned, durability, done);
        }
    }

    @Override
    public void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        store.read(fromOffset, limits, loop, (owned, highWatermark, failure) -> {
            if (defect == Defect.SERVES_DAMAGE && owned != null && owned.readableBytes() > 0 && now()) {
                ByteBuf copy = owned.copy();
                owned.release();
                int at = copy.readableBytes() - 2;
                copy.setByte(at, copy.getByte(at) ^ 4);
                done.completed(copy, highWatermark, null);
            } else {
                done.completed(owned, highWatermark, failure);
            }
        });
    }

    @Override
    public CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis) {
        return store.offsetForTimestamp(timestampMillis);
    }

    @Override
    public CompletionStage<Long> deletePrefix(long newStartOffset) {
        return defect == Defect.FORGETS_DELETIONS
                ? CompletableFuture.completedFuture(
                        Math.min(newStartOffset, store.stats().highWatermark()))
                : store.deletePrefix(newStartOffset);
    }

    @Override
    public CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        return store.replace(range, owned);
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        if (defect == Defect.FORGETS_STATES) {
            owned.release();
            return CompletableFuture.completedFuture(null);
        }
        return store.putState(name, offset, owned);
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return store.getState(name);
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
        ShardStats stats = store.stats();
        return defect == Defect.WATERMARK_AHEAD
                ? new ShardStats(
                        stats.startOffset(),
                        stats.endOffset() + 1,
                        stats.highWatermark() + 1,
                        stats.bytes(),
                        stats.segments(),
                        stats.epochs())
                : stats;
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        return store.onHighWatermark(loop, listener);
    }

    @Override
    public CompletionStage<Void> close() {
        return store.close();
    }
}
