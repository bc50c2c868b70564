/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;

/**
 * Walks over the committed batches of one read after the other. Control batches are passed over; so is a batch whose inside lies,
 * because one bad client must not end every read behind it. Confined to one loop.
 */
final class BatchWalk {
    private final RecordBatchReader batches = new RecordBatchReader();
    private long corruptBatches;

    /** Sees the batches and their records. */
    interface Visitor {
        default void beginBatch(long baseOffset, int sizeBytes) {}

        /** False when it has enough. The view is borrowed for the call. */
        boolean record(RecordView record);

        /** False when it has enough. */
        default boolean endBatch(long nextOffset) {
            return true;
        }
    }

    /**
     * Shows the records from the offset on, below the end.
     *
     * @return where to go on; the end when there are no bytes, because compaction has left nothing before it
     */
    long walk(ByteBuf borrowed, long from, long end, Visitor visitor) {
        if (!borrowed.isReadable()) {
            return end;
        }
        batches.reset(borrowed);
        long next = from;
        try {
            while (batches.nextBatch()) {
                if (!batches.isControl()) {
                    visitor.beginBatch(batches.baseOffset(), batches.batchSizeBytes());
                    while (batches.nextRecord()) {
                        RecordView record = batches.record();
                        if (record.offset() >= end) {
                            break;
                        }
                        if (record.offset() >= next) {
                            next = record.offset() + 1;
                            if (!visitor.record(record)) {
                                return next;
                            }
                        }
                    }
                }
                next = Math.max(next, Math.min(end, batches.lastOffset() + 1));
                if (!visitor.endBatch(next)) {
                    return next;
                }
            }
        } catch (RmqException corrupt) {
            if (corrupt.error() != RmqError.CORRUPT_BATCH || batches.lastOffset() < next) {
                throw corrupt;
            }
            corruptBatches++;
            next = Math.min(end, batches.lastOffset() + 1);
            visitor.endBatch(next);
        } finally {
            batches.clear();
        }
        if (next <= from) {
            throw RmqError.INTERNAL.exception("a read at offset " + from + " answered with older batches only");
        }
        return next;
    }

    long corruptBatches() {
        return corruptBatches;
    }
}
