/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.BitSet;

/**
 * Writes a batch anew with some of its records, as compaction does and byte-compatible with it: base and last offset,
 * sequence, producer, epoch and compression stay, so that the batch keeps its place for readers and for the check of
 * sequences; what is missing is a gap. A delete horizon (KIP-534) takes the place of the base timestamp, marked by an
 * attribute bit. Reusable; confined to one loop.
 */
public final class RecordBatchFilter {

    private final RecordBatchReader reader;
    private final RecordsWriter records = new RecordsWriter();

    public RecordBatchFilter() {
        this(RecordBatchReader.DEFAULT_MAX_DECOMPRESSED_BYTES);
    }

    public RecordBatchFilter(int maxDecompressedBytes) {
        reader = new RecordBatchReader(maxDecompressedBytes);
    }

    /**
     * The batch at the index with the records whose numbers are in {@code keep}, counted from 0 in the order of the batch;
     * without any it is {@link #empty}.
     *
     * @param deleteHorizonMillis when its tombstones may go; -1 to leave that as it is
     */
    public RecordBatch filter(
            ByteBuf source, int index, int size, BitSet keep, long deleteHorizonMillis, ByteBufAllocator allocator) {
        if (keep.isEmpty()) {
            return empty(source, index, allocator);
        }
        reader.reset(source, index, size);
        try {
            reader.nextBatch();
            long horizon = deleteHorizonMillis >= 0 ? deleteHorizonMillis : reader.deleteHorizonMillis();
            collect(keep, horizon);
            ByteBuf written = records.write(reader.compression(), allocator);
            copyHeader(source, index, written);
            written.setInt(RecordBatch.RECORD_COUNT, records.count());
            written.setLong(RecordBatch.BASE_TIMESTAMP, records.baseTimestampMillis());
            if (horizon >= 0) {
                written.setShort(RecordBatch.ATTRIBUTES, reader.attributes() | RecordBatch.DELETE_HORIZON);
            }
            if ((reader.attributes() & RecordBatch.APPEND_TIME) == 0) {
                written.setLong(RecordBatch.MAX_TIMESTAMP, records.maxTimestampMillis());
            }
            return sealed(written);
        } finally {
            reader.clear();
            records.shrink();
        }
    }

    /**
     * The header of the batch at the index, without a record. Its largest timestamp stays, as with Kafka: it tells when its
     * producer was last seen.
     */
    public static RecordBatch empty(ByteBuf source, int index, ByteBufAllocator allocator) {
        ByteBuf written = allocator.buffer(RecordBatch.HEADER_BYTES, RecordBatch.HEADER_BYTES);
        written.writerIndex(RecordBatch.HEADER_BYTES);
        copyHeader(source, index, written);
        int attributes = source.getShort(index + RecordBatch.ATTRIBUTES);
        written.setShort(RecordBatch.ATTRIBUTES, attributes & ~RecordBatch.COMPRESSION & ~RecordBatch.DELETE_HORIZON);
        written.setLong(RecordBatch.BASE_TIMESTAMP, -1L);
        written.setInt(RecordBatch.RECORD_COUNT, 0);
        return sealed(written);
    }

    static void copyHeader(ByteBuf source, int index, ByteBuf target) {
        target.setBytes(0, source, index, RecordBatch.HEADER_BYTES);
    }

    static RecordBatch sealed(ByteBuf owned) {
        int size = owned.readableBytes();
        owned.setInt(RecordBatch.LENGTH, size - RecordBatch.LOG_OVERHEAD_BYTES);
        owned.setInt(
                RecordBatch.CRC, RecordBatches.crc32c(owned, RecordBatch.ATTRIBUTES, size - RecordBatch.ATTRIBUTES));
        return new RecordBatch(owned);
    }

    /** Without a horizon the base is the time of the first record that is kept. */
    private void collect(BitSet keep, long horizon) {
        records.begin();
        if (horizon >= 0) {
            records.baseTimestampMillis(horizon);
        }
        for (int number = 0; reader.nextRecord(); number++) {
            if (keep.get(number)) {
                records.add(reader.record());
            }
        }
    }
}
