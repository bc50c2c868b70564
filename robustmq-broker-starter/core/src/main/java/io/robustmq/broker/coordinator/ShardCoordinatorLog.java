/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadFrom;
import io.robustmq.storage.ShardReader;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's log over an open shard. One append at a time is in the store: whether the next one may follow is known
 * only then, and the writer gathers more meanwhile. Callable from any thread; its state is confined to the shard's loop.
 */
public final class ShardCoordinatorLog implements CoordinatorLog {
    private static final int PROGRESS_RECORDS = 1024;

    private final ShardId shard;
    private final int epoch;
    private final Loop loop;
    private final ShardStore store;
    private final Writer writer;
    private final int appendsMax;
    private @Nullable Tenure current;
    private boolean inStore;
    private @Nullable Runnable whenOut;

    /** The shard's owner. */
    @FunctionalInterface
    public interface Writer {
        void append(RecordBatch owned, Durability durability, AppendCallback done);
    }

    /** @param appendsMax appends that may wait, the one in the store included */
    public ShardCoordinatorLog(ShardId shard, int epoch, Loop loop, ShardStore store, Writer writer, int appendsMax) {
        this.shard = shard;
        this.epoch = epoch;
        this.loop = loop;
        this.store = store;
        this.writer = writer;
        this.appendsMax = appendsMax;
    }

    @Override
    public ShardId shard() {
        return shard;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public CompletionStage<CoordinatorTenure> begin() {
        CompletableFuture<CoordinatorTenure> begun = new CompletableFuture<>();
        onLoop(() -> {
            Tenure before = current;
            if (before != null) {
                before.end(RmqError.NOT_OWNER);
            }
            if (whenOut != null) {
                begun.completeExceptionally(RmqError.NOT_OWNER.exception("another tenure begins already"));
            } else if (inStore) {
                whenOut = () -> beginNow(begun);
            } else {
                beginNow(begun);
            }
        });
        return begun;
    }

    private void beginNow(CompletableFuture<CoordinatorTenure> begun) {
        try {
            ShardStats stats = store.stats();
            Tenure tenure = new Tenure(stats.startOffset(), stats.endOffset());
            current = tenure;
            begun.complete(tenure);
        } catch (RuntimeException e) {
            begun.completeExceptionally(e);
        }
    }

    @Override
    public CompletionStage<Long> replay(long fromOffset, Loop reader, RecordVisitor visitor, LongConsumer progress) {
        return here(() -> {
            ShardStats stats = store.stats();
            long from = Math.max(fromOffset, stats.startOffset());
            if (from >= stats.highWatermark()) {
                return CompletableFuture.completedFuture(from);
            }
            Replay replay = new Replay(visitor, progress);
            return new ShardReader(store, loop, reader)
                    .walk(new ReadFrom.Offset(from), Long.MAX_VALUE, replay::visit)
                    .thenApply(walked -> {
                        if (walked.corruptBatches() > 0) {
                            throw RmqError.CORRUPT_DATA.exception(
                                    walked.corruptBatches() + " batches of shard " + shard + " are damaged");
                        }
                        return Math.max(walked.nextOffset(), stats.highWatermark());
                    });
        });
    }

    /** Confined to the loop that reads. */
    private static final class Replay {
        private final RecordVisitor visitor;
        private final LongConsumer progress;
        private int sinceProgress;

        Replay(RecordVisitor visitor, LongConsumer progress) {
            this.visitor = visitor;
            this.progress = progress;
        }

        boolean visit(RecordView record) {
            byte[] key = record.key();
            if (key == null) {
                throw RmqError.CORRUPT_DATA.exception("a coordinator's record without key at " + record.offset());
            }
            visitor.visit(new CoordinatorRecord(key, record.value()), record.offset());
            if (++sinceProgress == PROGRESS_RECORDS) {
                sinceProgress = 0;
                progress.accept(record.offset() + 1);
            }
            return true;
        }
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        return here(() -> store.putState(name, offset, owned));
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return here(() -> store.getState(name));
    }

    private <T> CompletionStage<T> here(Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> done = new CompletableFuture<>();
        onLoop(() -> {
            try {
                call.get()
                        .whenComplete((value, failure) -> onLoop(() -> {
                            if (failure == null) {
                                done.complete(value);
                            } else {
                                done.completeExceptionally(failure);
                            }
                        }));
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private void onLoop(Runnable task) {
        if (loop.inLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private record Queued(long expectedBaseOffset, RecordBatch batch, Durability durability, AppendCallback done) {}

    /** Callable from any thread; the queue is confined to the log's loop. */
    private final class Tenure implements CoordinatorTenure {
        private final long startOffset;
        private final long endOffset;
        private final AtomicInteger waiting = new AtomicInteger();
        private final ArrayDeque<Queued> queue = new ArrayDeque<>();
        private volatile boolean ended;
        private boolean pumping;
        private long next;

        Tenure(long startOffset, long endOffset) {
            this.startOffset = startOffset;
            this.endOffset = endOffset;
            this.next = endOffset;
        }

        @Override
        public long startOffset() {
            return startOffset;
        }

        @Override
        public long endOffset() {
            return endOffset;
        }

        @Override
        public @Nullable RmqError append(
                long expectedBaseOffset, RecordBatch owned, Durability durability, AppendCallback done) {
            if (ended) {
                owned.release();
                return RmqError.NOT_OWNER;
            }
            if (waiting.incrementAndGet() > appendsMax) {
                waiting.decrementAndGet();
                owned.release();
                ended = true;
                onLoop(() -> end(RmqError.OVERLOADED));
                return RmqError.OVERLOADED;
            }
            Queued queued = new Queued(expectedBaseOffset, owned, durability, done);
            onLoop(() -> enqueue(queued));
            return null;
        }

        private void enqueue(Queued queued) {
            queue.add(queued);
            if (ended) {
                end(RmqError.NOT_OWNER);
            } else {
                pump();
            }
        }

        /** An engine may complete inline, and its callback append again: that must not nest. */
        private void pump() {
            if (pumping) {
                return;
            }
            pumping = true;
            try {
                while (!inStore && !ended && !queue.isEmpty()) {
                    send(queue.remove());
                }
            } finally {
                pumping = false;
            }
        }

        private void send(Queued queued) {
            if (queued.expectedBaseOffset != next) {
                queued.batch.release();
                failed(
                        queued,
                        RmqError.REVISION_MISMATCH.exception("expected base offset " + queued.expectedBaseOffset
                                + ", but the shard ends at " + next));
                return;
            }
            int count = queued.batch.recordCount();
            inStore = true;
            try {
                writer.append(
                        queued.batch, queued.durability, (base, failure) -> completed(queued, count, base, failure));
            } catch (RuntimeException e) {
                if (inStore) {
                    completed(queued, count, -1, RmqError.INTERNAL.exception("the append failed: " + e));
                }
            }
        }

        private void completed(Queued queued, int count, long base, @Nullable RmqException failure) {
            inStore = false;
            if (failure != null) {
                failed(queued, failure);
            } else if (base != next) {
                failed(queued, RmqError.INTERNAL.exception("somebody else has written to the shard of a coordinator"));
            } else {
                next += count;
                waiting.decrementAndGet();
                queued.done.completed(base, null);
            }
            Runnable begins = whenOut;
            if (begins != null) {
                whenOut = null;
                begins.run();
            } else {
                pump();
            }
        }

        private void failed(Queued queued, RmqException failure) {
            ended = true;
            waiting.decrementAndGet();
            queued.done.completed(-1, failure);
            end(RmqError.NOT_OWNER);
        }

        /** What is queued never reaches the store. */
        void end(RmqError cause) {
            ended = true;
            while (!queue.isEmpty()) {
                Queued dropped = Objects.requireNonNull(queue.poll());
                waiting.decrementAndGet();
                dropped.batch.release();
                dropped.done.completed(-1, cause.exception("the coordinator's tenure has ended"));
            }
        }
    }
}
