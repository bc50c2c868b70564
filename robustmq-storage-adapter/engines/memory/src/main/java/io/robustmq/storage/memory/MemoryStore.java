/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
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
import io.robustmq.storage.support.BatchTimes;
import io.robustmq.storage.support.HighWatermarkListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A shard in the hands of one owner: everything completes before the call returns. Confined to the owner's loop, except
 * {@link #read} and {@link #stats}, which any thread may call.
 */
final class MemoryStore implements ShardStore {
    private final MemoryShard shard;
    private final Pressure pressure;
    private final int epoch;
    private final Loop owner;
    private final List<HighWatermarkListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private boolean expires;
    private @Nullable Cancellable expiry;

    MemoryStore(MemoryShard shard, Pressure pressure, ShardConfig config, int epoch, Loop owner) {
        this.shard = shard;
        this.pressure = pressure;
        this.epoch = epoch;
        this.owner = owner;
        expires = expires(config);
    }

    private static boolean expires(ShardConfig config) {
        return config.retentionMillis() >= 0 && !config.compacted();
    }

    int epoch() {
        return epoch;
    }

    boolean isClosed() {
        return closed;
    }

    void markClosed() {
        closed = true;
    }

    @Override
    public long highWatermark() {
        return shard.ring().endOffset();
    }

    @Override
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        long base = -1;
        RmqException failure = null;
        try {
            assert owner.inLoop();
            base = shard.append(this, owned);
            for (int round = 0; base == MemoryShard.NO_MEMORY; round++) {
                pressure.makeRoom(shard, round);
                base = shard.append(this, owned);
            }
        } catch (RuntimeException e) {
            failure = failure(e);
        } finally {
            owned.release();
        }
        try {
            done.completed(base, failure);
        } finally {
            if (failure == null) {
                armExpiry();
                signalListeners();
            }
        }
    }

    private void signalListeners() {
        if (listeners.isEmpty()) {
            return;
        }
        for (HighWatermarkListener listener : listeners) {
            listener.signal();
        }
    }

    @Override
    public void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        if (loop.inLoop()) {
            read(fromOffset, limits, done);
        } else {
            loop.execute(() -> read(fromOffset, limits, done));
        }
    }

    private void read(long fromOffset, ReadLimits limits, ReadCallback done) {
        Ring ring = shard.ring();
        long highWatermark = ring.endOffset();
        ByteBuf bytes = null;
        RmqException failure = null;
        try {
            bytes = fromOffset <= highWatermark
                    ? ring.read(fromOffset, Math.min(highWatermark, limits.maxOffset()), limits.maxBytes())
                    : null;
            if (closed || shard.isDestroyed()) {
                failure = RmqError.CLOSED.exception("the store is closed");
            } else if (bytes == null) {
                failure = RmqError.OUT_OF_RANGE.exception(
                        "offset " + fromOffset + " is outside the shard, which starts at " + ring.startOffset()
                                + " and ends at " + highWatermark);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            failure = failure(e);
        }
        if (failure != null && bytes != null) {
            bytes.release();
            bytes = null;
        }
        done.completed(bytes, highWatermark, failure);
    }

    @Override
    public CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis) {
        return complete(() -> {
            if (timestampMillis != LATEST_TIMESTAMP) {
                return firstAtOrAfter(timestampMillis);
            }
            long latest = Math.max(shard.maxTimestampMillis(this), latestOfCutBatch());
            return latest == Long.MIN_VALUE ? TimestampAndOffset.NONE : firstAtOrAfter(latest);
        });
    }

    /** The start may cut the oldest batch, whose own largest timestamp then says nothing. */
    private long latestOfCutBatch() {
        long start = shard.ring().startOffset();
        ByteBuf bytes = shard.firstBatch(this, start, Long.MIN_VALUE);
        if (bytes == null) {
            return Long.MIN_VALUE;
        }
        RecordBatch batch = new RecordBatch(bytes);
        try {
            return batch.baseOffset() < start ? BatchTimes.maxAtOrAfter(batch, start) : Long.MIN_VALUE;
        } finally {
            batch.release();
        }
    }

    private TimestampAndOffset firstAtOrAfter(long timestampMillis) {
        long from = shard.ring().startOffset();
        for (; ; ) {
            ByteBuf bytes = shard.firstBatch(this, from, timestampMillis);
            if (bytes == null) {
                return TimestampAndOffset.NONE;
            }
            RecordBatch batch = new RecordBatch(bytes);
            try {
                TimestampAndOffset found = BatchTimes.firstAtOrAfter(batch, from, timestampMillis);
                if (found != null) {
                    return found;
                }
                // Only records below the start, in a batch that the start cuts, were young enough.
                from = batch.nextOffset();
            } finally {
                batch.release();
            }
        }
    }

    @Override
    public CompletionStage<Long> deletePrefix(long newStartOffset) {
        return complete(() -> shard.deletePrefix(this, newStartOffset));
    }

    @Override
    public CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        try {
            return complete(() -> {
                shard.replace(this, range, owned);
                return null;
            });
        } finally {
            owned.forEach(RecordBatch::release);
        }
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        try {
            return complete(() -> {
                shard.putState(this, name, offset, owned);
                return null;
            });
        } finally {
            owned.release();
        }
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return complete(() -> shard.getState(this, name));
    }

    @Override
    public void pin(String name, long offset) {
        assert owner.inLoop();
        shard.pin(this, name, offset);
    }

    @Override
    public void unpin(String name) {
        assert owner.inLoop();
        shard.unpin(this, name);
    }

    @Override
    public CompletionStage<Void> update(ShardConfig config) {
        return complete(() -> {
            shard.update(this, config, owner.clock().millis());
            expires = expires(config);
            disarmExpiry();
            armExpiry();
            return null;
        });
    }

    @Override
    public ShardStats stats() {
        return shard.stats();
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        HighWatermarkListener added = new HighWatermarkListener(this::highWatermark, loop, listener, listeners::remove);
        listeners.add(added);
        return added;
    }

    @Override
    public CompletionStage<Void> close() {
        return complete(() -> {
            closed = true;
            shard.close(this);
            disarmExpiry();
            listeners.clear();
            return null;
        });
    }

    // --- retention by time

    /** One timer at most, for the oldest batch; none while nothing can expire. */
    void armExpiry() {
        if (expires && expiry == null && !closed) {
            schedule(shard.delayToExpiry(this, owner.clock().millis()));
        }
    }

    private void schedule(long delayMillis) {
        if (delayMillis >= 0) {
            expiry = owner.schedule(delayMillis, this::expire);
        }
    }

    private void expire() {
        expiry = null;
        if (!closed) {
            schedule(shard.expire(this, owner.clock().millis()));
        }
    }

    private void disarmExpiry() {
        if (expiry != null) {
            expiry.cancel();
            expiry = null;
        }
    }

    // --- outcomes

    private <T> CompletionStage<T> complete(Supplier<T> call) {
        assert owner.inLoop();
        try {
            return CompletableFuture.completedFuture(call.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(failure(e));
        }
    }

    private static RmqException failure(Throwable failure) {
        return RmqException.of(failure, "the memory engine failed");
    }
}
