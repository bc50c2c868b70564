/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RandomSource;
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
import java.util.function.Supplier;

/**
 * A store that fails its writer's rewriting calls, before or behind their effect, or lets the process die there: the call
 * is never answered, and no later one has an effect. Confined to the test's thread.
 */
final class FaultyStore implements ShardStore {
    private final ShardStore store;
    private final RandomSource random;
    int failPercent;
    int crashPercent;
    boolean crashed;
    /** Bits of what is read that are turned: the first byte of the value region of the batch at that offset. */
    long damagedOffset = -1;

    FaultyStore(ShardStore store, RandomSource random) {
        this.store = store;
        this.random = random;
    }

    private <T> CompletionStage<T> faulty(Supplier<CompletionStage<T>> call, Runnable dropped) {
        if (crashed) {
            dropped.run();
            return new CompletableFuture<>();
        }
        boolean crash = random.nextInt(100) < crashPercent;
        boolean fail = random.nextInt(100) < failPercent;
        if (!crash && !fail) {
            return call.get();
        }
        crashed = crash;
        if (random.nextInt(2) == 0) {
            dropped.run();
        } else {
            call.get();
        }
        return crash
                ? new CompletableFuture<>()
                : CompletableFuture.failedFuture(RmqError.STORAGE_FAILED.exception("injected"));
    }

    @Override
    public CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        return faulty(() -> store.replace(range, owned), () -> owned.forEach(RecordBatch::release));
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        return faulty(() -> store.putState(name, offset, owned), owned::release);
    }

    @Override
    public void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        store.read(fromOffset, limits, loop, (owned, highWatermark, failure) -> {
            if (owned == null || damagedOffset < 0) {
                done.completed(owned, highWatermark, failure);
                return;
            }
            ByteBuf copy = owned.copy();
            owned.release();
            damage(copy);
            done.completed(copy, highWatermark, null);
        });
    }

    private void damage(ByteBuf bytes) {
        for (int at = 0; at < bytes.writerIndex(); at += 12 + bytes.getInt(at + 8)) {
            if (bytes.getLong(at) == damagedOffset) {
                int last = at + 12 + bytes.getInt(at + 8) - 1;
                bytes.setByte(last, bytes.getByte(last) ^ 0x10);
            }
        }
    }

    @Override
    public CompletionStage<Long> deletePrefix(long newStartOffset) {
        return store.deletePrefix(newStartOffset);
    }

    @Override
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        store.append(owned, durability, done);
    }

    @Override
    public CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis) {
        return store.offsetForTimestamp(timestampMillis);
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return crashed ? new CompletableFuture<>() : store.getState(name);
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
        return store.onHighWatermark(loop, listener);
    }

    @Override
    public CompletionStage<Void> close() {
        return store.close();
    }
}
