/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.robustmq.kernel.RmqException;

/**
 * Checks everything about a batch that comes from a client before it is stored: size, format, CRC, count, attributes, and
 * every record. Reusable; confined to one loop.
 */
public final class RecordBatchValidator {
    private static final int TRANSACTIONAL = 0x10;
    /** Compression and transactional; append time, control and delete horizon are the broker's own to set. */
    private static final int CLIENT_ATTRIBUTES = 0x07 | TRANSACTIONAL;

    private final RecordBatchReader reader;
    private long maxTimestampMillis;

    public RecordBatchValidator() {
        this(RecordBatchReader.DEFAULT_MAX_DECOMPRESSED_BYTES);
    }

    public RecordBatchValidator(int maxDecompressedBytes) {
        this.reader = new RecordBatchReader(maxDecompressedBytes);
    }

    /** Throws CORRUPT_BATCH unless the buffer is exactly one batch as a client may send it. */
    public void validate(RecordBatch batch) {
        try {
            checkFrame(batch);
            checkHeader(batch);
            walk(batch);
        } finally {
            reader.clear();
        }
    }

    /** The latest timestamp of the records of the batch validated last, whatever its header says. */
    public long maxTimestampMillis() {
        return maxTimestampMillis;
    }

    private static void checkFrame(RecordBatch batch) {
        int size = batch.sizeBytes();
        require(size >= RecordBatch.HEADER_BYTES, "fewer bytes than a header");
        require((long) batch.declaredSizeBytes() == size, "its length field disagrees with its size");
        require(batch.magic() == RecordBatch.CURRENT_MAGIC, "not format 2");
        require(batch.crc() == RecordBatches.computeCrc(batch), "CRC mismatch");
    }

    private static void checkHeader(RecordBatch batch) {
        int attributes = batch.attributes() & 0xFFFF;
        require((attributes & ~CLIENT_ATTRIBUTES) == 0, "attributes that a client may not set");
        require(batch.recordCount() > 0, "no records");
        require(batch.lastOffsetDelta() == batch.recordCount() - 1, "count and last offset delta disagree");
        if (batch.producerId() >= 0) {
            require(batch.producerEpoch() >= 0, "a producer id without an epoch");
            require(batch.baseSequence() >= 0, "a producer id without a sequence");
        } else {
            require((attributes & TRANSACTIONAL) == 0, "transactional without a producer id");
        }
    }

    private void walk(RecordBatch batch) {
        reader.reset(batch);
        reader.nextBatch();
        // Offset deltas rise strictly up to count - 1, so they are dense.
        maxTimestampMillis = reader.checkRecords();
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw corrupt(what);
        }
    }

    private static RmqException corrupt(String what) {
        return VarintCursor.corrupt(what);
    }
}
