/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the committed records of a shard, for tools and cold paths: a bounded read per turn of its loop, so that a
 * long walk does not hold the loop. It ends at the high watermark that its first read sees, at the limit, or when the
 * visitor has seen enough. Control batches are passed over. A batch whose inside lies is passed over too, and counted: one
 * bad client must not end every walk behind it. Used once; confined to its loop after {@link #walk}, which any thread may
 * call.
 */
public final class ShardReader {
    private static final int BYTES_PER_TURN = 128 * 1024;

    private final ShardStore store;
    private final Loop owner;
    private final Loop loop;
    private final RecordBatchReader batches = new RecordBatchReader();
    private final CompletableFuture<Walked> walked = new CompletableFuture<>();
    private Predicate<RecordView> visitor = record -> false;
    private boolean restartAtStart;
    private long next;
    private long end = -1;
    private long left;
    private long records;
    private long corruptBatches;

    /**
     * @param owner the loop of the shard's owner, where the beginning is looked up
     * @param loop where the records are read, decoded and visited
     */
    public ShardReader(ShardStore store, Loop owner, Loop loop) {
        this.store = store;
        this.owner = owner;
        this.loop = loop;
    }

    /**
     * How a walk ended.
     *
     * @param records how many were visited
     * @param nextOffset where another walk goes on
     * @param highWatermark as seen by the first read
     * @param corruptBatches how many were passed over
     */
    public record Walked(long records, long nextOffset, long highWatermark, long corruptBatches) {}

    /**
     * Visits up to {@code limit} records. The view is borrowed for the call; the visitor answers whether it wants more.
     * The outcome, and whatever the visitor throws, completes on the reader's loop.
     */
    public CompletionStage<Walked> walk(ReadFrom from, long limit, Predicate<RecordView> visitor) {
        this.visitor = visitor;
        left = limit;
        owner.execute(() -> begin(from));
        return walked;
    }

    // --- on the owner's loop

    private void begin(ReadFrom from) {
        try {
            if (from instanceof ReadFrom.Time time) {
                store.offsetForTimestamp(time.timestampMillis())
                        .whenComplete((found, failure) -> beginAt(found, failure));
                return;
            }
            ShardStats stats = store.stats();
            restartAtStart = from instanceof ReadFrom.Earliest;
            long offset = from instanceof ReadFrom.Offset given
                    ? given.offset()
                    : restartAtStart ? stats.startOffset() : stats.highWatermark();
            loop.execute(() -> goOnAt(offset));
        } catch (RuntimeException e) {
            failOnLoop(e);
        }
    }

    private void beginAt(@Nullable TimestampAndOffset found, @Nullable Throwable failure) {
        if (found == null) {
            failOnLoop(failure);
        } else {
            long offset = found.offset() >= 0 ? found.offset() : store.stats().highWatermark();
            loop.execute(() -> goOnAt(offset));
        }
    }

    private void failOnLoop(@Nullable Throwable failure) {
        loop.execute(() -> walked.completeExceptionally(failure));
    }

    // --- on the reader's loop

    private void goOnAt(long offset) {
        next = offset;
        read();
    }

    private void read() {
        ReadLimits limits = new ReadLimits(BYTES_PER_TURN, end < 0 ? Long.MAX_VALUE : end);
        try {
            store.read(next, limits, loop, this::readCompleted);
        } catch (RuntimeException e) {
            walked.completeExceptionally(e);
        }
    }

    private void readCompleted(@Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure) {
        if (owned == null) {
            readFailed(failure);
            return;
        }
        try {
            if (end < 0) {
                end = highWatermark;
            }
            boolean more = left > 0 && owned.isReadable() && visit(owned);
            if (more && next < end) {
                loop.execute(this::read);
                return;
            }
            if (!owned.isReadable()) {
                // Compaction has left nothing between here and the end.
                next = Math.max(next, end);
            }
            walked.complete(new Walked(records, next, end, corruptBatches));
        } catch (RuntimeException | AssertionError e) {
            walked.completeExceptionally(e);
        } finally {
            batches.clear();
            owned.release();
        }
    }

    /** Retention may overtake a walk from the earliest record; whoever named an offset is told instead. */
    private void readFailed(@Nullable RmqException failure) {
        if (restartAtStart && failure != null && failure.error() == RmqError.OUT_OF_RANGE) {
            owner.execute(() -> begin(new ReadFrom.Earliest()));
        } else {
            walked.completeExceptionally(failure);
        }
    }

    /** False when the visitor has enough. */
    private boolean visit(ByteBuf bytes) {
        batches.reset(bytes);
        try {
            while (batches.nextBatch()) {
                if (!batches.isControl() && !visitBatch()) {
                    return false;
                }
                next = batches.lastOffset() + 1;
            }
            return true;
        } catch (RmqException corrupt) {
            if (corrupt.error() != RmqError.CORRUPT_BATCH || batches.lastOffset() < next) {
                throw corrupt;
            }
            corruptBatches++;
            next = batches.lastOffset() + 1;
            return true;
        }
    }

    private boolean visitBatch() {
        while (batches.nextRecord()) {
            RecordView record = batches.record();
            if (record.offset() >= next && record.offset() < end) {
                next = record.offset() + 1;
                records++;
                left--;
                if (!visitor.test(record) || left == 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
