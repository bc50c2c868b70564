/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/**
 * One open shard. Called on the owner's loop and calls back on it; {@link #read} may come from any thread and completes on
 * the loop that it names. A parameter named {@code owned} is released by the callee on every path.
 */
public interface ShardStore {

    /**
     * Appends one batch at the end; the store assigns base offset and epoch in place. Fails with FENCED when a higher epoch
     * has opened the shard, PAYLOAD_TOO_LARGE, CORRUPT_BATCH (its header contradicts its size, or its records are not dense),
     * STORAGE_FULL, STORAGE_FAILED or CLOSED, and then has no effect. An engine without DURABLE takes every durability and
     * keeps its weakest.
     */
    void append(RecordBatch owned, Durability durability, AppendCallback done);

    /**
     * Reads whole batches from the one that holds the offset, below the high watermark only. Nothing below the high watermark
     * and the limits' last offset means that compaction has left nothing there. The bytes are the engine's own: not to be
     * written to.
     *
     * @param loop where it completes; before the call returns at the earliest, if that is called on this loop
     */
    void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done);

    /**
     * As {@link #read}, but as a region of a file; of one file only, so it may answer less. Of an engine with
     * ZERO_COPY_READ and DURABLE; others answer NOT_SUPPORTED. What a process does not see it cannot check: outer headers (offsets,
     * lengths, epochs) are proved, contents are left to the CRC that every batch carries to its reader, and to the scrub.
     */
    default void readSlice(long fromOffset, ReadLimits limits, Loop loop, SliceCallback done) {
        RmqException refusal = RmqError.NOT_SUPPORTED.exception("this engine has no files to read from");
        if (loop.inLoop()) {
            done.completed(null, -1, refusal);
        } else {
            loop.execute(() -> done.completed(null, -1, refusal));
        }
    }

    /**
     * The first offset whose record's timestamp is at least the given one; {@link #LATEST_TIMESTAMP} asks for the record with
     * the largest timestamp.
     */
    CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis);

    /** See {@link #offsetForTimestamp}. */
    long LATEST_TIMESTAMP = -3;

    /** Drops everything below the offset (at most the high watermark); answers with the new start. */
    CompletionStage<Long> deletePrefix(long newStartOffset);

    /**
     * Replaces a committed range by its compacted form, whose batches lie inside the range in rising order; offsets are kept,
     * gaps are allowed.
     */
    CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned);

    /** Keeps derived state with the shard, replacing what had that name. */
    CompletionStage<Void> putState(String name, long offset, ByteBuf owned);

    CompletionStage<StateSnapshot> getState(String name);

    /**
     * Keeps records at or above the offset from retention, as far as the engine's limits allow. A pin is held under a name;
     * a new value replaces the old one. Explicit deletion does not look at pins. Pins are soft: they end with the store, and a
     * new owner sets them again before it appends. Throws QUOTA_EXCEEDED when there are too many; without effect once closed
     * or fenced.
     */
    void pin(String name, long offset);

    void unpin(String name);

    CompletionStage<Void> update(ShardConfig config);

    /** From any thread. */
    ShardStats stats();

    /** Of {@link #stats}, without what else it tells: asked for every partition of every response. From any thread. */
    default long startOffset() {
        return stats().startOffset();
    }

    /** See {@link #startOffset}; asked behind it, it is never below. */
    default long highWatermark() {
        return stats().highWatermark();
    }

    /** See {@link #startOffset}. */
    default long sizeBytes() {
        return stats().bytes();
    }

    /** The data directory that holds the shard, for listings; empty when it lies on no disk. From any thread. */
    default String disk() {
        return "";
    }

    /**
     * Tells the listener each new high watermark, on the given loop, latest value last; may skip values in between. From any
     * thread.
     */
    Cancellable onHighWatermark(Loop loop, LongConsumer listener);

    /** Appends that wait are completed with CLOSED; the shard's data stays. */
    CompletionStage<Void> close();
}
