/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.record.RecordBatch;
import java.nio.ByteBuffer;

/**
 * What retention and look-ups must know of a batch without reading it; kept beside the batch under the same key. Immutable.
 */
record IndexEntry(long baseOffset, long lastOffset, int bytes, int records, long maxTimestampMillis) {
    static final int BYTES = 4 + 4 + 4 + 8;

    static IndexEntry of(RecordBatch batch) {
        return new IndexEntry(
                batch.baseOffset(),
                batch.lastOffset(),
                batch.sizeBytes(),
                batch.recordCount(),
                batch.maxTimestampMillis());
    }

    static IndexEntry decode(long baseOffset, byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        return new IndexEntry(
                baseOffset, baseOffset + buffer.getInt(), buffer.getInt(), buffer.getInt(), buffer.getLong());
    }

    void encode(ByteBuffer target) {
        target.putInt((int) (lastOffset - baseOffset))
                .putInt(bytes)
                .putInt(records)
                .putLong(maxTimestampMillis);
    }

    /** Whether no record between the first and the last offset is missing. */
    boolean isDense() {
        return records == lastOffset - baseOffset + 1;
    }
}
