/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the worker knows of one shard. {@link #status} and {@link #holds} may be asked for by any thread, all else is
 * confined to the worker's loop.
 */
public final class ShardRetention {
    private static final Logger LOG = LoggerFactory.getLogger(ShardRetention.class);
    private static final int RETRY_DOUBLINGS_MAX = 5;

    private final RetentionShardHandle shard;
    private final RetentionConfig config;
    private final RetentionCounters counters;
    private final Loop worker;
    private final ByteBufAllocator allocator;
    private final Holds holds;
    private RetentionPolicy policy;
    private @Nullable CompactionState state;
    private @Nullable CompactionPass pass;
    private LastBatches lastBatches = new LastBatches();
    private long notBeforeMillis = Long.MIN_VALUE;
    private int failures;
    private boolean stopped;
    private volatile Status status = new Status(0, 0, 0, false, false, "");

    /**
     * What can be told of a shard.
     *
     * @param firstDirty everything below has been compacted
     * @param dirtyBytes about how many bytes have not
     * @param dirtyRatio their share of all
     * @param compacting whether a pass is under way
     * @param damaged whether compaction was given up because of a damaged batch
     * @param lastError of compaction; empty when its last attempt was well
     */
    public record Status(
            long firstDirty,
            long dirtyBytes,
            double dirtyRatio,
            boolean compacting,
            boolean damaged,
            String lastError) {}

    /** How much a pass is needed; a higher score goes first. */
    record Need(double score, boolean forced, ShardStats stats) {}

    ShardRetention(
            ShardId shard,
            ShardStore store,
            Loop owner,
            Loop worker,
            RetentionPolicy policy,
            RetentionConfig config,
            RetentionCounters counters,
            ByteBufAllocator allocator,
            java.util.function.Consumer<ShardRetention> swept) {
        this.shard = new RetentionShardHandle(shard, store, owner, worker);
        this.worker = worker;
        this.policy = policy;
        this.config = config;
        this.counters = counters;
        this.allocator = allocator;
        holds = new Holds(store, owner, policy.lifetime(), counters, () -> worker.execute(() -> swept.accept(this)));
    }

    public ShardId shard() {
        return shard.shard();
    }

    /** What consumers of the shard hold; used on its owner's loop. */
    public Holds holds() {
        return holds;
    }

    public Status status() {
        return status;
    }

    RetentionShardHandle handle() {
        return shard;
    }

    boolean compacts() {
        return policy.keepPerKey() > 0 && !stopped && !shard.isClosed();
    }

    /** Another policy begins where this one ends; a pass that is under way ends without effect. */
    void update(RetentionPolicy changed) {
        boolean another = changed.keepPerKey() != policy.keepPerKey() || changed.compacted() != policy.compacted();
        policy = changed;
        notBeforeMillis = Long.MIN_VALUE;
        if (another) {
            giveUp();
            state = null;
            stopped = false;
        }
        shard.onOwner(store -> {
            holds.lifetime(changed.lifetime());
            return CompletableFuture.<Void>completedFuture(null);
        });
    }

    /** No step follows; whatever still answers finds nobody. */
    void close() {
        shard.close();
        giveUp();
    }

    private void giveUp() {
        CompactionPass current = pass;
        pass = null;
        if (current != null) {
            current.discard();
        }
    }

    // --- need

    /** Null when there is nothing to do now. */
    CompletionStage<@Nullable Need> need() {
        long now = worker.clock().millis();
        if (!compacts() || now < notBeforeMillis) {
            return CompletableFuture.completedFuture(null);
        }
        return loadState()
                .thenCompose(loaded -> shard.stats().thenCompose(stats -> need(loaded, stats, now)))
                .exceptionally(failure -> {
                    failed(failure);
                    return null;
                });
    }

    private CompletionStage<CompactionState> loadState() {
        if (state != null) {
            return CompletableFuture.completedFuture(state);
        }
        return shard.getState().thenApply(snapshot -> {
            try {
                CompactionState loaded = CompactionState.decode(snapshot.owned(), rule());
                state = loaded;
                return loaded;
            } finally {
                snapshot.owned().release();
            }
        });
    }

    /** What passes have kept by: with tombstones, or so many of each key. */
    private int rule() {
        return policy.compacted() ? 0 : policy.recordsPerSubject();
    }

    private CompletionStage<@Nullable Need> need(CompactionState loaded, ShardStats stats, long now) {
        long firstDirty = Math.max(loaded.firstDirty(), stats.startOffset());
        long clean = Math.min(loaded.cleanBytes(), stats.bytes());
        long dirty =
                firstDirty >= stats.highWatermark() ? 0 : Math.max(0, stats.bytes() - clean - policy.activeBytes());
        double ratio = dirty == 0 ? 0 : (double) dirty / (clean + dirty);
        Status last = status;
        status = new Status(firstDirty, dirty, ratio, false, last.damaged(), last.lastError());
        if (loaded.pass() != null) {
            return CompletableFuture.completedFuture(new Need(2, false, stats));
        }
        if (dirty > 0 && ratio >= policy.minDirtyRatio()) {
            return CompletableFuture.completedFuture(new Need(ratio, false, stats));
        }
        if (loaded.nextHorizonMillis() <= now) {
            return CompletableFuture.completedFuture(new Need(0, false, stats));
        }
        if (policy.maxCompactionLagMillis() == Long.MAX_VALUE || firstDirty >= stats.highWatermark()) {
            return CompletableFuture.completedFuture(null);
        }
        return shard.read(firstDirty, 1, stats.highWatermark())
                .thenApply(bytes -> timestampOf(bytes) < now - policy.maxCompactionLagMillis()
                        ? new Need(1 + ratio, true, stats)
                        : null);
    }

    private static long timestampOf(ByteBuf owned) {
        try {
            return owned.readableBytes() < RecordBatch.HEADER_BYTES
                    ? Long.MAX_VALUE
                    : new RecordBatch(owned).maxTimestampMillis();
        } finally {
            owned.release();
        }
    }

    // --- a pass

    void begin(Need need) {
        if (shard.isClosed() || state == null) {
            return;
        }
        pass = new CompactionPass(
                shard,
                policy,
                config,
                counters,
                worker.clock(),
                allocator,
                lastBatches,
                state,
                need.stats(),
                need.forced());
        Status last = status;
        status = new Status(
                last.firstDirty(), last.dirtyBytes(), last.dirtyRatio(), true, last.damaged(), last.lastError());
    }

    boolean isCompacting() {
        return pass != null && !pass.isDone() && !shard.isClosed();
    }

    /** One bounded step of the pass; answers with the bytes that it moved. Never fails: a failure ends the pass. */
    CompletionStage<Long> step() {
        CompactionPass current = pass;
        if (current == null) {
            return CompletableFuture.completedFuture(0L);
        }
        CompletionStage<Long> step;
        try {
            step = current.step();
        } catch (RuntimeException e) {
            step = CompletableFuture.failedFuture(e);
        }
        return step.handle((bytes, failure) -> {
            if (pass != current) {
                // Closed, or another policy meanwhile.
                return 0L;
            }
            if (failure != null) {
                failed(failure);
                return 0L;
            }
            state = current.state();
            if (current.isDone()) {
                ended(current);
            }
            return bytes;
        });
    }

    private void ended(CompactionPass done) {
        pass = null;
        failures = 0;
        unpin();
        if (done.hasFinished()) {
            lastBatches = done.lastBatches();
        } else {
            notBeforeMillis = worker.clock().millis() + config.retryMillis();
        }
        Status last = status;
        status = new Status(done.state().firstDirty(), last.dirtyBytes(), last.dirtyRatio(), false, false, "");
    }

    private void unpin() {
        if (!policy.compacted()) {
            shard.unpin(CompactionState.NAME);
        }
    }

    private void failed(Throwable failure) {
        giveUp();
        // What was stored last says where to go on; what this pass believed may not have been stored.
        state = null;
        RmqError error = RmqException.errorOf(failure);
        if (shard.isClosed() || error == RmqError.CLOSED || error == RmqError.FENCED) {
            return;
        }
        unpin();
        if (error == RmqError.OUT_OF_RANGE) {
            // Records went meanwhile: begin anew with what is left.
            return;
        }
        counters.compactionFailures.increment();
        stopped = error == RmqError.CORRUPT_DATA;
        failures = Math.min(failures + 1, RETRY_DOUBLINGS_MAX);
        notBeforeMillis = worker.clock().millis() + (config.retryMillis() << (failures - 1));
        Throwable cause = RmqException.causeOf(failure);
        Status last = status;
        status = new Status(
                last.firstDirty(),
                last.dirtyBytes(),
                last.dirtyRatio(),
                false,
                stopped,
                String.valueOf(cause.getMessage()));
        if (stopped) {
            LOG.error("shard {} is not compacted any more, nothing of it was dropped", shard.shard(), cause);
        } else {
            LOG.warn("a compaction pass of shard {} failed and will be tried again", shard.shard(), cause);
        }
    }
}
