/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.RmqError;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes records straight from read buffers into one batch after another, without allocating per record. Records go into a
 * recycled array and are copied once, at {@link #build}, into a buffer of exactly their size, so that a small batch never
 * pins a large buffer; writing into a pooled direct buffer at once is no faster (RecordBatchBenchmark). Confined to one
 * loop.
 */
public final class RecordBatchBuilder {
    private static final int INITIAL_BYTES = 2048;
    /** Length, attributes, timestamp delta, offset delta, key length, value length, header count: each at its longest. */
    private static final int MAX_RECORD_OVERHEAD_BYTES =
            Varints.MAX_INT_BYTES + 1 + Varints.MAX_LONG_BYTES + 4 * Varints.MAX_INT_BYTES;

    /** What an array can hold on every JVM. */
    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private final int maxBytes;
    private final CRC32C crc = new CRC32C();
    private byte[] bytes;
    private int position = RecordBatch.HEADER_BYTES;
    private int count;
    private boolean begun;
    private long baseTimestampMillis;
    private long maxTimestampMillis;
    private int lastKeyPosition = -1;
    private int lastValuePosition = -1;

    /** A batch is closed by its user when the next record does not fit into {@code maxBytes}; see {@link #fits}. */
    public RecordBatchBuilder(int maxBytes) {
        if (maxBytes < RecordBatch.HEADER_BYTES) {
            throw RmqError.INVALID_CONFIG.exception(
                    "a batch is at least " + RecordBatch.HEADER_BYTES + " bytes, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
        this.bytes = new byte[Math.min(maxBytes, INITIAL_BYTES)];
    }

    /** Starts an empty batch and forgets the records of one that was not built. */
    public void begin(long baseTimestampMillis) {
        this.baseTimestampMillis = baseTimestampMillis;
        maxTimestampMillis = Long.MIN_VALUE;
        position = RecordBatch.HEADER_BYTES;
        count = 0;
        lastKeyPosition = -1;
        lastValuePosition = -1;
        begun = true;
    }

    /**
     * Whether such a record is sure to stay within the size of a batch. An empty batch takes every record, so that one
     * larger than a batch becomes a batch of its own.
     */
    public boolean fits(int keyLength, int valueLength, int headersBytes) {
        return count == 0 || upperBound(keyLength, valueLength, headersBytes) <= maxBytes;
    }

    /** The same for a batch that must be smaller. */
    public boolean fits(int keyLength, int valueLength, int headersBytes, int maxBytes) {
        return count == 0 || upperBound(keyLength, valueLength, headersBytes) <= Math.min(this.maxBytes, maxBytes);
    }

    private long upperBound(int keyLength, int valueLength, int headersBytes) {
        return (long) position
                + MAX_RECORD_OVERHEAD_BYTES
                + Math.max(keyLength, 0)
                + Math.max(valueLength, 0)
                + headersBytes;
    }

    /**
     * Copies one record into the batch. A length of -1 is null, and its source is not looked at. The header block holds
     * encoded headers, see {@link HeaderBlockWriter}. When a source is shorter than stated the batch stays as it was.
     */
    public void append(
            long timestampMillis,
            ByteBuf keySource,
            int keyOffset,
            int keyLength,
            ByteBuf valueSource,
            int valueOffset,
            int valueLength,
            byte[] headerBlock,
            int headerBlockOffset,
            int headerBlockLength,
            int headerCount) {
        int at = startRecord(timestampMillis, keyLength, valueLength, headerBlockLength, headerCount);
        int keyAt = at;
        if (keyLength > 0) {
            keySource.getBytes(keyOffset, bytes, at, keyLength);
            at += keyLength;
        }
        at = Varints.putInt(bytes, at, valueLength);
        int valueAt = at;
        if (valueLength > 0) {
            valueSource.getBytes(valueOffset, bytes, at, valueLength);
            at += valueLength;
        }
        at = Varints.putInt(bytes, at, headerCount);
        System.arraycopy(headerBlock, headerBlockOffset, bytes, at, headerBlockLength);
        finishRecord(
                timestampMillis, keyLength < 0 ? -1 : keyAt, valueLength < 0 ? -1 : valueAt, at + headerBlockLength);
    }

    /** The same from arrays, as coordinators and other cold paths hold their records; null is null. */
    public void append(
            long timestampMillis,
            byte @org.jspecify.annotations.Nullable [] key,
            byte @org.jspecify.annotations.Nullable [] value,
            HeaderBlockWriter headers) {
        int keyLength = key == null ? -1 : key.length;
        int valueLength = value == null ? -1 : value.length;
        int at = startRecord(timestampMillis, keyLength, valueLength, headers.length(), headers.count());
        int keyAt = at;
        if (key != null) {
            System.arraycopy(key, 0, bytes, at, key.length);
            at += key.length;
        }
        at = Varints.putInt(bytes, at, valueLength);
        int valueAt = at;
        if (value != null) {
            System.arraycopy(value, 0, bytes, at, value.length);
            at += value.length;
        }
        at = Varints.putInt(bytes, at, headers.count());
        System.arraycopy(headers.array(), 0, bytes, at, headers.length());
        finishRecord(timestampMillis, key == null ? -1 : keyAt, value == null ? -1 : valueAt, at + headers.length());
    }

    /** Writes everything before the key and answers where the key goes; nothing is final before {@link #finishRecord}. */
    private int startRecord(
            long timestampMillis, int keyLength, int valueLength, int headerBlockLength, int headerCount) {
        if (!begun) {
            throw new IllegalStateException("begin() comes before append()");
        }
        if (keyLength < -1 || valueLength < -1 || headerBlockLength < 0 || headerCount < 0) {
            throw new IllegalArgumentException("lengths are -1 (null) or more");
        }
        ensureRoom(upperBound(keyLength, valueLength, headerBlockLength));
        long timestampDelta = timestampMillis - baseTimestampMillis;
        int size = 1
                + Varints.sizeOfLong(timestampDelta)
                + Varints.sizeOfInt(count)
                + Varints.sizeOfInt(keyLength)
                + Math.max(keyLength, 0)
                + Varints.sizeOfInt(valueLength)
                + Math.max(valueLength, 0)
                + Varints.sizeOfInt(headerCount)
                + headerBlockLength;
        int at = Varints.putInt(bytes, position, size);
        bytes[at++] = 0;
        at = Varints.putLong(bytes, at, timestampDelta);
        at = Varints.putInt(bytes, at, count);
        return Varints.putInt(bytes, at, keyLength);
    }

    private void finishRecord(long timestampMillis, int keyAt, int valueAt, int end) {
        lastKeyPosition = keyAt;
        lastValuePosition = valueAt;
        position = end;
        count++;
        if (timestampMillis > maxTimestampMillis) {
            maxTimestampMillis = timestampMillis;
        }
    }

    private void ensureRoom(long needed) {
        if (needed <= bytes.length) {
            return;
        }
        if (needed > MAX_ARRAY_BYTES) {
            throw RmqError.PAYLOAD_TOO_LARGE.exception("a record of " + needed + " bytes does not fit into a batch");
        }
        long doubled = Math.min(2L * bytes.length, Math.max(maxBytes, needed));
        bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
    }

    /** Where the last record's key starts, from the start of the batch, or -1 if it is null. */
    public int lastKeyPosition() {
        return lastKeyPosition;
    }

    /** Where the last record's value starts, from the start of the batch, or -1 if it is null. */
    public int lastValuePosition() {
        return lastValuePosition;
    }

    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** The size that the batch would have if it was built now. */
    public int sizeBytes() {
        return position;
    }

    /**
     * Closes the batch and hands it over: offsets 0 to count - 1, no producer, no compression. The builder is empty
     * again with the same base timestamp and waits for {@link #begin}.
     */
    public RecordBatch build(ByteBufAllocator allocator) {
        if (count == 0) {
            throw new IllegalStateException("a batch holds at least one record");
        }
        writeHeader();
        ByteBuf buffer = allocator.buffer(position, position);
        buffer.writeBytes(bytes, 0, position);
        reset();
        return new RecordBatch(buffer);
    }

    private void writeHeader() {
        LONG.set(bytes, RecordBatch.BASE_OFFSET, 0L);
        INT.set(bytes, RecordBatch.LENGTH, position - RecordBatch.LOG_OVERHEAD_BYTES);
        INT.set(bytes, RecordBatch.PARTITION_LEADER_EPOCH, -1);
        bytes[RecordBatch.MAGIC] = RecordBatch.CURRENT_MAGIC;
        SHORT.set(bytes, RecordBatch.ATTRIBUTES, (short) 0);
        INT.set(bytes, RecordBatch.LAST_OFFSET_DELTA, count - 1);
        LONG.set(bytes, RecordBatch.BASE_TIMESTAMP, baseTimestampMillis);
        LONG.set(bytes, RecordBatch.MAX_TIMESTAMP, maxTimestampMillis);
        LONG.set(bytes, RecordBatch.PRODUCER_ID, -1L);
        SHORT.set(bytes, RecordBatch.PRODUCER_EPOCH, (short) -1);
        INT.set(bytes, RecordBatch.BASE_SEQUENCE, -1);
        INT.set(bytes, RecordBatch.RECORD_COUNT, count);
        crc.reset();
        crc.update(bytes, RecordBatch.ATTRIBUTES, position - RecordBatch.ATTRIBUTES);
        INT.set(bytes, RecordBatch.CRC, (int) crc.getValue());
    }

    private void reset() {
        begun = false;
        count = 0;
        position = RecordBatch.HEADER_BYTES;
        if (bytes.length > maxBytes) {
            // One giant record must not make every shard's scratch giant for good.
            bytes = new byte[Math.min(maxBytes, INITIAL_BYTES)];
        }
    }
}
