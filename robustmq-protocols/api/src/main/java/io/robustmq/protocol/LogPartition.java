/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a topic, in whole batches. Thread-safe; what is asked is answered once, on the loop that was named,
 * possibly before the call returns.
 */
public interface LogPartition {

    /** Why it cannot be used; null when it can. The other methods fail with it, or with an error that asks to try again. */
    @Nullable
    RmqException problem();

    /** Rises with each owner; 0 when there is none here. */
    int epoch();

    /**
     * The largest epoch up to that one that has written something, and the offset where its records end; both -1 when the
     * epoch is not known here.
     */
    EpochEnd endOf(int epoch);

    /** See {@link #endOf}. */
    record EpochEnd(int epoch, long endOffset) {}

    /** The epoch under which the offset was written, or will be; -1 when the partition cannot be used. */
    int epochOf(long offset);

    /** As of now; all zero when the partition cannot be used. */
    Offsets offsets();

    /**
     * @param start the first offset that is kept
     * @param highWatermark the first offset that is not committed
     */
    record Offsets(long start, long highWatermark) {}

    /**
     * Appends one batch as it is, unless the topic wants it packed or stamped otherwise; its place is written into it. Who brings it has checked it. Once committed it reaches
     * live subscribers of the topic's subject; only then is it looked into, and only if there are any.
     *
     * @param acknowledged whether somebody waits for what the topic promises; otherwise memory of the system is enough
     */
    void append(RecordBatch owned, boolean acknowledged, ClientIdentity client, Loop loop, Appended done);

    /** See {@link #append}. */
    @FunctionalInterface
    interface Appended {
        /**
         * @param baseOffset of the batch; -1 when it failed
         * @param appendTimeMillis the time that its records got; -1 when they keep their producer's
         */
        void completed(long baseOffset, long appendTimeMillis, @Nullable RmqException failure);
    }

    /**
     * Reads committed batches from the one that holds the offset.
     *
     * @param bytesMax exceeded by a first batch that is larger
     */
    void read(long fromOffset, int bytesMax, Loop loop, Read done);

    /** See {@link #read}. */
    @FunctionalInterface
    interface Read {
        /**
         * @param owned whole batches, not to be written to; nothing readable at the high watermark; null when it failed
         * @param failure OUT_OF_RANGE for an offset that is not kept, or not yet written
         */
        void completed(@Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure);
    }

    /**
     * As {@link #read}, for who can send a region of a file without reading it: that is what is answered where there is one and
     * it is long enough to be worth it.
     */
    default void readSlice(long fromOffset, int bytesMax, Loop loop, SliceRead done) {
        read(fromOffset, bytesMax, loop, done);
    }

    /** See {@link #readSlice}: one of the two is called. */
    interface SliceRead extends Read {
        /** @param owned to be released by who is called */
        void sliced(LogSlice owned, long highWatermark);
    }

    /**
     * Bytes of the records that it holds now, so that its growth tells how much was appended; -1 when that says nothing about what
     * a reader gets.
     */
    default long sizeBytes() {
        return -1;
    }

    /** How many of the bytes that were read are worth an answer to somebody who waits for more. */
    default int usefulBytes(ByteBuf read) {
        return read.readableBytes();
    }

    /**
     * The first record whose timestamp is at least that; {@link #LARGEST_TIMESTAMP} asks for the record with the largest one.
     * Completes on any thread.
     */
    CompletionStage<Place> find(long timestampMillis);

    /** See {@link #find}. */
    long LARGEST_TIMESTAMP = Long.MIN_VALUE;

    /** A record's place; both -1 when there is none. */
    record Place(long timestampMillis, long offset) {}

    /** Tells each new high watermark on the loop; may skip values in between. What was reached before is not told. */
    Cancellable onHighWatermark(Loop loop, LongConsumer listener);
}
