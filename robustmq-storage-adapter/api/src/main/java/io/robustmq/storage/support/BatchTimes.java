/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.support;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.TimestampAndOffset;
import org.jspecify.annotations.Nullable;

/** Finds a record by time inside one batch. Stateless. */
public final class BatchTimes {

    private BatchTimes() {}

    /** The largest time of a record at or above the offset; {@link Long#MIN_VALUE} when there is none. */
    public static long maxAtOrAfter(RecordBatch batch, long fromOffset) {
        RecordBatchReader reader = new RecordBatchReader().reset(batch);
        long max = Long.MIN_VALUE;
        try {
            reader.nextBatch();
            while (reader.nextRecord()) {
                if (reader.record().offset() >= fromOffset) {
                    max = Math.max(max, reader.record().timestampMillis());
                }
            }
            return max;
        } catch (RmqException corrupt) {
            return batch.maxTimestampMillis();
        }
    }

    /** The first record at or above the offset that is at least as young; null when there is none. */
    public static @Nullable TimestampAndOffset firstAtOrAfter(
            RecordBatch batch, long fromOffset, long timestampMillis) {
        RecordBatchReader reader = new RecordBatchReader().reset(batch);
        try {
            reader.nextBatch();
            while (reader.nextRecord()) {
                RecordView record = reader.record();
                if (record.timestampMillis() >= timestampMillis && record.offset() >= fromOffset) {
                    return new TimestampAndOffset(record.timestampMillis(), record.offset());
                }
            }
            return null;
        } catch (RmqException corrupt) {
            // A client can store a batch whose inside lies; that must not spoil every lookup behind it.
            return new TimestampAndOffset(batch.maxTimestampMillis(), Math.max(batch.baseOffset(), fromOffset));
        }
    }
}
