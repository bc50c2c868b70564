/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Walks over the batches of a buffer and the records of a batch without copying, except what is compressed. Trusts
 * nothing: whatever the bytes are, it ends or throws CORRUPT_BATCH. It does not check the CRC, which
 * {@link RecordBatchValidator} does where batches come in. Reusable; confined to one loop.
 *
 * <pre>
 *   reader.reset(buffer);
 *   while (reader.nextBatch()) {
 *       while (reader.nextRecord()) {
 *           use(reader.record());
 *       }
 *   }
 * </pre>
 */
public final class RecordBatchReader {
    /** What a compressed batch may grow to when nothing else is said. */
    public static final int DEFAULT_MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;

    private static final int MAX_COMPRESSION = 4;

    private final RecordView record = new RecordView();
    private final BatchDecompressor decompressor;
    private final RecordCheck check = new RecordCheck();

    private ByteBuf source = Unpooled.EMPTY_BUFFER;
    private int nextBatch;
    private int sourceEnd;
    private int batchStart = -1;
    private int batchEnd;
    private ByteBuf records = Unpooled.EMPTY_BUFFER;
    private int position;
    private int limit;
    private int left;
    private int lastDelta;
    // Of the current batch, read once: its owner may patch the offset in place meanwhile.
    private long baseOffset;
    private long baseTimestampMillis;
    private int lastOffsetDelta;
    private short attributes;

    public RecordBatchReader() {
        this(DEFAULT_MAX_DECOMPRESSED_BYTES);
    }

    /** A compressed batch that would grow beyond the limit is answered as corrupt. */
    public RecordBatchReader(int maxDecompressedBytes) {
        this.decompressor = new BatchDecompressor(maxDecompressedBytes);
    }

    /** Starts before the first batch of the readable bytes, whose indexes stay as they are; borrowed until the next reset. */
    public RecordBatchReader reset(ByteBuf buffer) {
        return reset(buffer, buffer.readerIndex(), buffer.readableBytes());
    }

    public RecordBatchReader reset(ByteBuf buffer, int index, int length) {
        java.util.Objects.checkFromIndexSize(index, length, buffer.capacity());
        source = buffer;
        nextBatch = index;
        sourceEnd = index + length;
        batchStart = -1;
        left = 0;
        return this;
    }

    /** Starts before the only batch. */
    public RecordBatchReader reset(RecordBatch batch) {
        return reset(batch.buffer());
    }

    /** Forgets the buffer, so that it is not kept alive by an idle reader. */
    public void clear() {
        reset(Unpooled.EMPTY_BUFFER);
        records = Unpooled.EMPTY_BUFFER;
        decompressor.clear();
    }

    /** Moves to the next batch; false behind the last one. */
    public boolean nextBatch() {
        left = 0;
        if (nextBatch == sourceEnd) {
            batchStart = -1;
            return false;
        }
        int rest = sourceEnd - nextBatch;
        if (rest < RecordBatch.HEADER_BYTES) {
            throw VarintCursor.corrupt(rest + " bytes where a batch header should be");
        }
        long size = (long) source.getInt(nextBatch + RecordBatch.LENGTH) + RecordBatch.LOG_OVERHEAD_BYTES;
        if (size < RecordBatch.HEADER_BYTES || size > rest) {
            throw VarintCursor.corrupt("a batch of " + size + " bytes where " + rest + " are left");
        }
        batchStart = nextBatch;
        batchEnd = batchStart + (int) size;
        readHeader();
        checkHeader();
        nextBatch = batchEnd;
        records = source;
        position = batchStart + RecordBatch.HEADER_BYTES;
        limit = batchEnd;
        if (compression() != 0) {
            records = decompressor.decompress(compression(), source, position, limit - position);
            position = 0;
            limit = records.writerIndex();
        }
        left = recordCount();
        lastDelta = -1;
        checkEnd();
        return true;
    }

    private void readHeader() {
        baseOffset = source.getLong(batchStart + RecordBatch.BASE_OFFSET);
        baseTimestampMillis = source.getLong(batchStart + RecordBatch.BASE_TIMESTAMP);
        lastOffsetDelta = source.getInt(batchStart + RecordBatch.LAST_OFFSET_DELTA);
        attributes = source.getShort(batchStart + RecordBatch.ATTRIBUTES);
    }

    private void checkHeader() {
        byte magic = source.getByte(batchStart + RecordBatch.MAGIC);
        if (magic != RecordBatch.CURRENT_MAGIC) {
            throw VarintCursor.corrupt("format " + magic + " where " + RecordBatch.CURRENT_MAGIC + " is the only one");
        }
        if (compression() > MAX_COMPRESSION) {
            throw VarintCursor.corrupt("unknown compression " + compression());
        }
        int count = recordCount();
        // Compaction leaves holes and even empty batches, so the count may be smaller.
        if (count < 0 || lastOffsetDelta < 0 || (long) count > lastOffsetDelta + 1L) {
            throw VarintCursor.corrupt(count + " records up to offset delta " + lastOffsetDelta);
        }
        if (baseOffset < 0 || baseOffset > Long.MAX_VALUE - lastOffsetDelta) {
            throw VarintCursor.corrupt("base offset " + baseOffset);
        }
    }

    private void checkEnd() {
        if (left == 0 && position != limit) {
            throw VarintCursor.corrupt(limit - position + " bytes behind the last record");
        }
    }

    /** Moves to the next record of the batch; false behind the last one. */
    public boolean nextRecord() {
        if (left == 0) {
            return false;
        }
        position = record.parse(records, position, limit, baseOffset, baseTimestampMillis);
        passed(record.offsetDelta());
        if ((attributes & RecordBatch.APPEND_TIME) != 0) {
            record.timestampMillis(maxTimestampMillis());
        }
        return true;
    }

    private void passed(int delta) {
        if (delta <= lastDelta || delta > lastOffsetDelta) {
            throw VarintCursor.corrupt("offset delta " + delta + " behind " + lastDelta);
        }
        lastDelta = delta;
        left--;
        checkEnd();
    }

    /**
     * Goes over the rest of the batch's records, as {@link #nextRecord} does but faster, and answers the latest of the
     * timestamps that they carry, {@link Long#MIN_VALUE} for none. Where {@link #record} stands afterwards is not said.
     */
    long checkRecords() {
        long latest = Long.MIN_VALUE;
        check.reset(records, position, limit - position);
        try {
            while (left > 0) {
                int end = check.check(position);
                if (end == RecordCheck.UNDECIDED) {
                    position = record.parse(records, position, limit, baseOffset, baseTimestampMillis);
                    latest = Math.max(latest, record.timestampMillis());
                    passed(record.offsetDelta());
                } else {
                    position = end;
                    latest = Math.max(latest, baseTimestampMillis + check.timestampDelta());
                    passed(check.offsetDelta());
                }
            }
        } finally {
            check.clear();
        }
        return latest;
    }

    /** The record that {@link #nextRecord} moved to; always the same object. */
    public RecordView record() {
        return record;
    }

    /** Where the current batch starts in the buffer. */
    public int batchPosition() {
        return batchStart;
    }

    public int batchSizeBytes() {
        return batchEnd - batchStart;
    }

    public long baseOffset() {
        return baseOffset;
    }

    public int lastOffsetDelta() {
        return lastOffsetDelta;
    }

    public long lastOffset() {
        return baseOffset + lastOffsetDelta;
    }

    public int recordCount() {
        return source.getInt(batchStart + RecordBatch.RECORD_COUNT);
    }

    public short attributes() {
        return attributes;
    }

    public int compression() {
        return attributes() & RecordBatch.COMPRESSION;
    }

    public boolean isControl() {
        return (attributes() & 0x20) != 0;
    }

    public boolean isTransactional() {
        return (attributes() & 0x10) != 0;
    }

    /** From when on tombstones of the batch may go, as its first compaction has set it; -1 before. */
    public long deleteHorizonMillis() {
        return (attributes & RecordBatch.DELETE_HORIZON) != 0 ? baseTimestampMillis : -1;
    }

    /** Whether the current batch's checksum is that of its bytes; computed at each call. */
    public boolean isIntact() {
        int computed = RecordBatches.crc32c(
                source, batchStart + RecordBatch.ATTRIBUTES, batchSizeBytes() - RecordBatch.ATTRIBUTES);
        return source.getInt(batchStart + RecordBatch.CRC) == computed;
    }

    public long baseTimestampMillis() {
        return baseTimestampMillis;
    }

    public long maxTimestampMillis() {
        return source.getLong(batchStart + RecordBatch.MAX_TIMESTAMP);
    }

    public long producerId() {
        return source.getLong(batchStart + RecordBatch.PRODUCER_ID);
    }

    public short producerEpoch() {
        return source.getShort(batchStart + RecordBatch.PRODUCER_EPOCH);
    }

    public int baseSequence() {
        return source.getInt(batchStart + RecordBatch.BASE_SEQUENCE);
    }
}
