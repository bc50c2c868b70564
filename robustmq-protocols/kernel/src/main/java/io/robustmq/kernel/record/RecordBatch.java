/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;

/**
 * One record batch v2 in a buffer, from its first to its last readable byte. Base offset and leader epoch lie outside the
 * CRC and may be patched in place by the owner of the shard. A handle, not a copy: whoever holds it as {@code owned}
 * releases it. Not thread-safe; handed from loop to loop as a whole.
 */
public final class RecordBatch {
    static final int BASE_OFFSET = 0;
    static final int LENGTH = 8;
    static final int PARTITION_LEADER_EPOCH = 12;
    static final int MAGIC = 16;
    static final int CRC = 17;
    static final int ATTRIBUTES = 21;
    static final int LAST_OFFSET_DELTA = 23;
    static final int BASE_TIMESTAMP = 27;
    static final int MAX_TIMESTAMP = 35;
    static final int PRODUCER_ID = 43;
    static final int PRODUCER_EPOCH = 51;
    static final int BASE_SEQUENCE = 53;
    static final int RECORD_COUNT = 57;
    /** The only format there is. */
    static final byte CURRENT_MAGIC = 2;
    /** Attribute bits: the id of the codec. */
    static final int COMPRESSION = 0x07;
    /** Attribute bit: all records have the largest timestamp, that of the append. */
    static final int APPEND_TIME = 0x08;
    /** Attribute bit: the base timestamp is the time from which tombstones of the batch may go (KIP-534). */
    static final int DELETE_HORIZON = 0x40;
    /** Bytes before the first record. */
    public static final int HEADER_BYTES = 61;
    /** Bytes of base offset and length, which the length field does not count. */
    public static final int LOG_OVERHEAD_BYTES = 12;

    private final ByteBuf buffer;
    private final int start;

    /** Wraps the readable bytes; the caller's reference passes to this object. */
    public RecordBatch(ByteBuf owned) {
        this.buffer = owned;
        this.start = owned.readerIndex();
    }

    /** The bytes; borrowed. */
    public ByteBuf buffer() {
        return buffer;
    }

    public int sizeBytes() {
        return buffer.readableBytes();
    }

    public long baseOffset() {
        return buffer.getLong(start + BASE_OFFSET);
    }

    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    public long nextOffset() {
        return lastOffset() + 1;
    }

    public int lastOffsetDelta() {
        return buffer.getInt(start + LAST_OFFSET_DELTA);
    }

    public int partitionLeaderEpoch() {
        return buffer.getInt(start + PARTITION_LEADER_EPOCH);
    }

    /** The batch's own length field plus its overhead; differs from {@link #sizeBytes()} only in damaged input. */
    public int declaredSizeBytes() {
        return buffer.getInt(start + LENGTH) + LOG_OVERHEAD_BYTES;
    }

    public byte magic() {
        return buffer.getByte(start + MAGIC);
    }

    public int crc() {
        return buffer.getInt(start + CRC);
    }

    public short attributes() {
        return buffer.getShort(start + ATTRIBUTES);
    }

    public long baseTimestampMillis() {
        return buffer.getLong(start + BASE_TIMESTAMP);
    }

    public long maxTimestampMillis() {
        return buffer.getLong(start + MAX_TIMESTAMP);
    }

    public long producerId() {
        return buffer.getLong(start + PRODUCER_ID);
    }

    public short producerEpoch() {
        return buffer.getShort(start + PRODUCER_EPOCH);
    }

    public int baseSequence() {
        return buffer.getInt(start + BASE_SEQUENCE);
    }

    public int recordCount() {
        return buffer.getInt(start + RECORD_COUNT);
    }

    public boolean isControl() {
        return (attributes() & 0x20) != 0;
    }

    public boolean isTransactional() {
        return (attributes() & 0x10) != 0;
    }

    /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
    public int compression() {
        return attributes() & COMPRESSION;
    }

    /** Gives the batch its place in the shard; outside the CRC, so nothing is computed again. */
    public void assign(long baseOffset, int leaderEpoch) {
        buffer.setLong(start + BASE_OFFSET, baseOffset);
        buffer.setInt(start + PARTITION_LEADER_EPOCH, leaderEpoch);
    }

    /** Whether its records have the time of their append, which is the largest timestamp. */
    public boolean hasAppendTime() {
        return (attributes() & APPEND_TIME) != 0;
    }

    /** Gives its records the time of their append; inside the CRC, which is computed again. */
    public void stamp(long appendTimeMillis) {
        buffer.setShort(start + ATTRIBUTES, attributes() | APPEND_TIME);
        buffer.setLong(start + MAX_TIMESTAMP, appendTimeMillis);
        buffer.setInt(start + CRC, RecordBatches.computeCrc(this));
    }

    public void release() {
        buffer.release();
    }
}
