/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.support;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import java.util.List;

/** What an engine refuses before it touches anything. Stateless. */
public final class BatchCheck {
    private static final byte MAGIC_V2 = 2;

    private BatchCheck() {}

    /** Throws PAYLOAD_TOO_LARGE or CORRUPT_BATCH unless it is one batch, dense, within the limit. */
    public static void append(RecordBatch batch, int maxBatchBytes) {
        check(batch, maxBatchBytes);
        if (batch.recordCount() != batch.lastOffsetDelta() + 1L) {
            throw RmqError.CORRUPT_BATCH.exception(
                    batch.recordCount() + " records cannot end at offset delta " + batch.lastOffsetDelta());
        }
    }

    /** Throws unless the batches lie inside of the range in rising order, and the range below the end. */
    public static void replace(OffsetRange range, List<RecordBatch> compacted, long endOffset, int maxBatchBytes) {
        if (range.end() > endOffset) {
            throw RmqError.INVALID_REQUEST.exception(
                    "only committed offsets are replaced: below " + endOffset + ", not " + range.end());
        }
        long next = range.start();
        for (RecordBatch batch : compacted) {
            check(batch, maxBatchBytes);
            if (batch.baseOffset() < next || batch.lastOffset() >= range.end()) {
                throw RmqError.INVALID_REQUEST.exception("the batch from " + batch.baseOffset() + " to "
                        + batch.lastOffset() + " is out of order or outside the range");
            }
            next = batch.nextOffset();
        }
    }

    private static void check(RecordBatch batch, int maxBatchBytes) {
        int size = batch.sizeBytes();
        if (size > maxBatchBytes) {
            throw RmqError.PAYLOAD_TOO_LARGE.exception("a batch of " + size + " bytes is larger than " + maxBatchBytes);
        }
        if (size < RecordBatch.HEADER_BYTES || batch.magic() != MAGIC_V2 || batch.declaredSizeBytes() != size) {
            throw RmqError.CORRUPT_BATCH.exception("these " + size + " bytes are not one record batch v2");
        }
        // Compaction leaves gaps, and empty batches that keep a producer's place.
        int records = batch.recordCount();
        if (batch.lastOffsetDelta() < 0 || records < 0 || records > batch.lastOffsetDelta() + 1L) {
            throw RmqError.CORRUPT_BATCH.exception(records + " records up to offset delta " + batch.lastOffsetDelta());
        }
    }
}
