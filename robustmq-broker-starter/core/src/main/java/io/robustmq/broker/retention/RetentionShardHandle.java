/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way from the worker's loop to a shard's owner and back: every call runs there and completes on the worker's loop,
 * except reading, which the worker does itself. Thread-safe.
 */
final class RetentionShardHandle {
    private final ShardId shard;
    private final ShardStore store;
    private final Loop owner;
    private final Loop worker;
    /** Seen by the owner's loop, so that nothing reaches a store that its owner has given up. */
    private volatile boolean closed;

    RetentionShardHandle(ShardId shard, ShardStore store, Loop owner, Loop worker) {
        this.shard = shard;
        this.store = store;
        this.owner = owner;
        this.worker = worker;
    }

    ShardId shard() {
        return shard;
    }

    Loop worker() {
        return worker;
    }

    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whole batches from the offset on; the receiver releases them. */
    CompletionStage<ByteBuf> read(long fromOffset, int maxBytes, long maxOffset) {
        CompletableFuture<ByteBuf> read = new CompletableFuture<>();
        if (closed) {
            read.completeExceptionally(closedFailure());
            return read;
        }
        store.read(
                fromOffset,
                new ReadLimits(maxBytes, maxOffset),
                worker,
                (owned, highWatermark, failure) -> complete(read, owned, failure));
        return read;
    }

    CompletionStage<ShardStats> stats() {
        return onOwner(open -> CompletableFuture.completedFuture(open.stats()));
    }

    CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        return onOwner(open -> open.replace(range, owned), () -> owned.forEach(RecordBatch::release));
    }

    CompletionStage<Void> putState(CompactionState state) {
        return onOwner(open -> open.putState(CompactionState.NAME, state.firstDirty(), state.encode()));
    }

    CompletionStage<StateSnapshot> getState() {
        return onOwner(open -> open.getState(CompactionState.NAME));
    }

    CompletionStage<Void> pin(String name, long offset) {
        return onOwner(open -> {
            open.pin(name, offset);
            return CompletableFuture.completedFuture(null);
        });
    }

    CompletionStage<Void> unpin(String name) {
        return onOwner(open -> {
            open.unpin(name);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Runs on the owner's loop with the open store; completes on the worker's. */
    <T> CompletionStage<T> onOwner(Function<ShardStore, CompletionStage<T>> call) {
        return onOwner(call, () -> {});
    }

    private <T> CompletionStage<T> onOwner(Function<ShardStore, CompletionStage<T>> call, Runnable refused) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        owner.execute(() -> {
            if (closed) {
                refused.run();
                back(outcome, null, closedFailure());
                return;
            }
            try {
                call.apply(store).whenComplete((value, failure) -> back(outcome, value, failure));
            } catch (RuntimeException e) {
                back(outcome, null, e);
            }
        });
        return outcome;
    }

    private <T> void back(CompletableFuture<T> outcome, @Nullable T value, @Nullable Throwable failure) {
        try {
            worker.execute(() -> complete(outcome, value, failure));
        } catch (RejectedExecutionException e) {
            // The worker's thread has ended with its node: nobody waits for the outcome.
            outcome.completeExceptionally(e);
        }
    }

    private static <T> void complete(CompletableFuture<T> outcome, @Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            outcome.complete(value);
        } else {
            outcome.completeExceptionally(failure);
        }
    }

    private static RmqException closedFailure() {
        return RmqError.CLOSED.exception("the shard is closed");
    }
}
