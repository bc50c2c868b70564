/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ShardStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one shard, in steps of bounded size. INDEX reads what no pass has seen yet and remembers each key; COUNT
 * (several records per key only) counts these keys below it; REWRITE goes through everything from the start and puts what
 * stays in place of what was. Each replaced range is complete in itself, and only behind it the state says so, so that a
 * crash between any two steps costs work, never records: what a range lost is superseded by records that are still there.
 * Confined to the worker's loop; used once.
 */
final class CompactionPass {
    private final RetentionShardHandle shard;
    private final RetentionPolicy policy;
    private final RetentionConfig config;
    private final RetentionCounters counters;
    private final Clock clock;
    private final ByteBufAllocator allocator;
    private final LastBatches before;
    private final LastBatches now = new LastBatches();
    private final RecordBatchReader reader = new RecordBatchReader();
    private final boolean forced;
    private final long highWatermark;
    private final long dirtyBytes;
    private CompactionState state;
    private Phase phase = Phase.INDEX;
    private @Nullable KeyIndex index;
    private @Nullable BatchRewriter rewriter;
    private boolean indexed;
    private long next;
    private long end;
    private long indexedBytes;
    private long keptBytes;
    private long keptHorizonMillis = Long.MAX_VALUE;
    private final Gathered gathered = new Gathered();
    private boolean discarded;
    private boolean finished;
    private final long start;
    /** Where writing begins: the start of the shard, or where a pass that is taken up has come to. */
    private long resumed;

    private enum Phase {
        INDEX,
        COUNT,
        REWRITE,
        DONE
    }

    /** @param forced whether what is newest is not left alone, because the oldest has waited too long */
    CompactionPass(
            RetentionShardHandle shard,
            RetentionPolicy policy,
            RetentionConfig config,
            RetentionCounters counters,
            Clock clock,
            ByteBufAllocator allocator,
            LastBatches before,
            CompactionState state,
            ShardStats stats,
            boolean forced) {
        this.shard = shard;
        this.policy = policy;
        this.config = config;
        this.counters = counters;
        this.clock = clock;
        this.allocator = allocator;
        this.before = before;
        this.forced = forced;
        start = stats.startOffset();
        long dirty = Math.min(Math.max(state.firstDirty(), start), stats.highWatermark());
        this.state = new CompactionState(
                state.keepPerKey(),
                dirty,
                Math.min(state.cleanBytes(), stats.bytes()),
                state.nextHorizonMillis(),
                state.pass());
        highWatermark = stats.highWatermark();
        dirtyBytes = stats.bytes() - this.state.cleanBytes();
        CompactionState.Pass left = state.pass();
        beginAt(left == null ? start : Math.max(start, left.position()));
    }

    private void beginAt(long position) {
        resumed = position;
        next = state.firstDirty();
        end = next;
        index = null;
        indexed = false;
        indexedBytes = 0;
    }

    boolean isDone() {
        return phase == Phase.DONE;
    }

    /** Whether it has brought the shard further. */
    boolean hasFinished() {
        return finished;
    }

    CompactionState state() {
        return state;
    }

    LastBatches lastBatches() {
        return now;
    }

    /** Does a bounded piece of work; answers with the bytes that it has read and written. Fails when the shard does. */
    CompletionStage<Long> step() {
        return switch (phase) {
            case INDEX -> index();
            case COUNT -> count();
            case REWRITE -> rewrite();
            case DONE -> CompletableFuture.completedFuture(0L);
        };
    }

    // --- what no pass has seen

    private CompletionStage<Long> index() {
        long limit = passEndMax();
        if (indexed || next >= limit) {
            return afterIndex(0);
        }
        if (index == null) {
            index = new KeyIndex(config.keyMapBytes(), limit - next);
        }
        return shard.read(next, config.sliceBytes(), limit).thenCompose(bytes -> {
            long read = bytes.readableBytes();
            if (read == 0) {
                // Nothing is left between here and the end.
                bytes.release();
                end = Math.max(end, limit);
                indexed = true;
            } else {
                walk(bytes, this::indexBatch);
                next = end;
            }
            return indexed || next >= limit ? afterIndex(read) : done(read);
        });
    }

    /** A pass that takes up another one's work ends where that one does. */
    private long passEndMax() {
        CompactionState.Pass left = state.pass();
        return left == null ? highWatermark : Math.min(highWatermark, left.end());
    }

    /** False when the pass ends in front of the batch, or inside of it. */
    private boolean indexBatch() {
        if (state.pass() == null && isOpen()) {
            indexed = true;
            return false;
        }
        now.saw(reader.isControl() || reader.isTransactional() ? -1 : reader.producerId(), reader.lastOffset());
        if (!reader.isControl() && !reader.isTransactional() && !indexRecords()) {
            indexed = true;
            return false;
        }
        indexedBytes += reader.batchSizeBytes();
        end = Math.max(end, reader.lastOffset() + 1);
        return true;
    }

    /** The newest batch is always left alone, and what is younger or nearer to the end than the policy wants. */
    private boolean isOpen() {
        return reader.lastOffset() + 1 >= highWatermark
                || (policy.minCompactionLagMillis() > 0
                        && reader.maxTimestampMillis() > clock.millis() - policy.minCompactionLagMillis())
                || (!forced && indexedBytes + reader.batchSizeBytes() > dirtyBytes - policy.activeBytes());
    }

    /** False when there is no room for another key. */
    private boolean indexRecords() {
        KeyIndex keys = keys();
        while (reader.nextRecord()) {
            RecordView record = reader.record();
            if (record.offset() < next || record.keyLength() < 0) {
                continue;
            }
            boolean fits = policy.compacted()
                    ? keys.put(record.buffer(), record.keyPosition(), record.keyLength(), record.offset())
                    : keys.increment(record.buffer(), record.keyPosition(), record.keyLength());
            if (!fits) {
                if (indexedBytes == 0) {
                    // Not even one batch fits: the pass ends inside of it, or it would never get on.
                    end = record.offset();
                }
                return false;
            }
        }
        return true;
    }

    private KeyIndex keys() {
        return Objects.requireNonNull(index, "keys are indexed first");
    }

    private CompletionStage<Long> afterIndex(long read) {
        CompactionState.Pass left = state.pass();
        if (left != null && end < left.end() && next < passEndMax()) {
            // Less memory than the pass before had: its work is taken up from the start.
            state = new CompactionState(
                    state.keepPerKey(), state.firstDirty(), state.cleanBytes(), state.nextHorizonMillis(), null);
            beginAt(start);
            return done(read);
        }
        end = left == null ? Math.max(end, state.firstDirty()) : left.end();
        if (left == null && end == state.firstDirty() && state.nextHorizonMillis() > clock.millis()) {
            phase = Phase.DONE;
            return done(read);
        }
        next = resumed;
        keptBytes = left == null ? 0 : left.keptBytes();
        keptHorizonMillis = left == null ? Long.MAX_VALUE : left.nextHorizonMillis();
        if (index == null) {
            index = new KeyIndex(config.keyMapBytes(), 0);
        }
        rewriter = new BatchRewriter(policy, index, end, before, now, config.producerExpiryMillis(), allocator);
        if (policy.compacted()) {
            phase = Phase.REWRITE;
            return done(read);
        }
        // What has been counted must still be there when it is met again.
        phase = Phase.COUNT;
        return shard.pin(CompactionState.NAME, resumed).thenApply(v -> read);
    }

    // --- how often its keys occur below

    private CompletionStage<Long> count() {
        long limit = state.firstDirty();
        if (next >= limit) {
            return rewriteFrom(resumed, 0);
        }
        return shard.read(next, config.sliceBytes(), limit).thenCompose(bytes -> {
            long read = bytes.readableBytes();
            if (read == 0) {
                bytes.release();
                return rewriteFrom(resumed, 0);
            }
            walk(bytes, this::countBatch);
            return done(read);
        });
    }

    private CompletionStage<Long> rewriteFrom(long offset, long read) {
        next = offset;
        phase = Phase.REWRITE;
        return done(read);
    }

    private boolean countBatch() {
        boolean counted = !reader.isControl() && !reader.isTransactional();
        while (counted && reader.nextRecord()) {
            RecordView record = reader.record();
            // From the first dirty record on they are counted already.
            if (record.keyLength() >= 0 && record.offset() < state.firstDirty()) {
                keys().incrementKnown(record.buffer(), record.keyPosition(), record.keyLength());
            }
        }
        next = reader.lastOffset() + 1;
        return true;
    }

    // --- what stays in place of what was

    private CompletionStage<Long> rewrite() {
        if (next >= end) {
            return putInPlace(0).thenCompose(this::finish);
        }
        CompletableFuture<Long> outcome = new CompletableFuture<>();
        shard.read(next, config.sliceBytes(), end).whenComplete((bytes, failure) -> {
            if (failure != null) {
                overtaken(failure, outcome);
            } else {
                try {
                    forward(rewriteSlice(bytes), outcome);
                } catch (RuntimeException e) {
                    outcome.completeExceptionally(e);
                }
            }
        });
        return outcome;
    }

    /** Where keys are counted, what has gone meanwhile was counted too: the pass begins anew. */
    private void overtaken(Throwable failure, CompletableFuture<Long> outcome) {
        if (!policy.compacted() || RmqException.errorOf(failure) != RmqError.OUT_OF_RANGE) {
            outcome.completeExceptionally(failure);
            return;
        }
        shard.stats().whenComplete((stats, failed) -> {
            if (stats == null || stats.startOffset() <= next) {
                outcome.completeExceptionally(failure);
            } else {
                next = stats.startOffset();
                outcome.complete(0L);
            }
        });
    }

    private static void forward(CompletionStage<Long> from, CompletableFuture<Long> to) {
        from.whenComplete((value, failure) -> {
            if (failure == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    private CompletionStage<Long> rewriteSlice(ByteBuf owned) {
        long read = owned.readableBytes();
        if (discarded || read == 0) {
            owned.release();
            return discarded ? over() : putInPlace(0).thenCompose(this::finish);
        }
        walk(owned, () -> gathered.add(owned));
        return gathered.keptBytes >= config.replaceBytes() || gathered.readBytes / 4 >= config.replaceBytes()
                ? putInPlace(read)
                : done(read);
    }

    private static CompletionStage<Long> over() {
        return CompletableFuture.failedFuture(RmqError.CLOSED.exception("the pass has been given up"));
    }

    /** Replaces what was gathered, and says so in the state; answers with the bytes moved. */
    private CompletionStage<Long> putInPlace(long read) {
        if (gathered.firstChanged < 0) {
            gathered.clear();
            return done(read);
        }
        OffsetRange range = gathered.changedRange();
        long freed = gathered.readBytes - gathered.keptBytes;
        List<RecordBatch> batches = gathered.takeChanged();
        long written = batches.stream().mapToLong(RecordBatch::sizeBytes).sum();
        return shard.replace(range, batches).thenCompose(v -> {
            counters.compactionBytesWritten.add(written);
            counters.compactionBytesFreed.add(freed);
            state = state.with(new CompactionState.Pass(end, next, keptBytes, horizon()));
            return shard.putState(state).thenCompose(stored -> done(read + written));
        });
    }

    /** The pass is given up: what it has gathered goes, and what a step still brings. */
    void discard() {
        discarded = true;
        gathered.clear();
    }

    private long horizon() {
        return Math.min(keptHorizonMillis, rewriter().nextHorizonMillis());
    }

    private BatchRewriter rewriter() {
        return Objects.requireNonNull(rewriter, "batches are rewritten behind the index");
    }

    /** What steps have read since the last replacement, from the first batch on that changes, and what becomes of it. */
    private final class Gathered {
        private final List<@Nullable RecordBatch> batches = new ArrayList<>();
        private int firstChanged = -1;
        private int lastChanged = -1;
        private long rangeStart;
        private long rangeEnd;
        private long readBytes;
        private long keptBytes;

        boolean add(ByteBuf source) {
            RecordBatch after = rewriter().rewrite(reader, source, clock.millis());
            next = reader.lastOffset() + 1;
            int size = after == null ? 0 : after.sizeBytes();
            if (reader.lastOffset() < end) {
                // A batch in which the pass ends has been through only when the next one is.
                CompactionPass.this.keptBytes += size;
            }
            boolean changed = rewriter().changed();
            if (!changed && firstChanged < 0) {
                if (after != null) {
                    after.release();
                }
                return true;
            }
            batches.add(after);
            readBytes += reader.batchSizeBytes();
            keptBytes += size;
            if (changed) {
                lastChanged = batches.size() - 1;
                rangeEnd = next;
                if (firstChanged < 0) {
                    firstChanged = 0;
                    rangeStart = reader.baseOffset();
                }
            }
            return true;
        }

        OffsetRange changedRange() {
            return new OffsetRange(rangeStart, rangeEnd);
        }

        /** The caller owns them; those behind the last change are released. */
        List<RecordBatch> takeChanged() {
            List<RecordBatch> taken = new ArrayList<>();
            for (int i = 0; i <= lastChanged; i++) {
                RecordBatch batch = batches.set(i, null);
                if (batch != null) {
                    taken.add(batch);
                }
            }
            clear();
            return taken;
        }

        void clear() {
            for (RecordBatch batch : batches) {
                if (batch != null) {
                    batch.release();
                }
            }
            batches.clear();
            firstChanged = -1;
            lastChanged = -1;
            readBytes = 0;
            keptBytes = 0;
        }
    }

    private CompletionStage<Long> finish(long read) {
        state = new CompactionState(state.keepPerKey(), end, keptBytes, horizon(), null);
        return shard.putState(state).thenApply(v -> {
            counters.compactionPasses.increment();
            counters.recordsRemoved.add(rewriter().removedRecords());
            phase = Phase.DONE;
            finished = true;
            return read;
        });
    }

    // --- reading

    /** Visits the batches until the visitor has enough; a damaged one ends the pass. Releases the bytes. */
    private void walk(ByteBuf owned, BooleanSupplier visitor) {
        counters.compactionBytesRead.add(owned.readableBytes());
        reader.reset(owned);
        long at = next;
        try {
            while (reader.nextBatch()) {
                at = reader.baseOffset();
                if (!reader.isIntact()) {
                    throw RmqError.CORRUPT_DATA.exception("the checksum of the batch at offset " + at + " is wrong");
                }
                if (!visitor.getAsBoolean()) {
                    return;
                }
                at = reader.lastOffset() + 1;
            }
        } catch (RmqException e) {
            if (e.error() != RmqError.CORRUPT_BATCH) {
                throw e;
            }
            throw new RmqException(
                    RmqError.CORRUPT_DATA, "the batch at or behind offset " + at + " is damaged: " + e.getMessage(), e);
        } finally {
            reader.clear();
            owned.release();
        }
    }

    private static CompletionStage<Long> done(long bytes) {
        return CompletableFuture.completedFuture(bytes);
    }
}
