/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.RmqError;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The records of a batch that is written anew from those of another one. Reusable; confined to one loop. */
final class RecordsWriter {
    private static final byte[] NONE = {};
    private static final int INITIAL_BYTES = 16 * 1024;
    /** An array that one large batch made larger than this is not kept. */
    private static final int MAX_KEPT_BYTES = 1024 * 1024;

    private byte[] bytes = NONE;
    private int length;
    private int count;
    private boolean baseIsSet;
    private long baseTimestampMillis;
    private long maxTimestampMillis;

    void begin() {
        length = 0;
        count = 0;
        baseIsSet = false;
        maxTimestampMillis = Long.MIN_VALUE;
    }

    /** Otherwise it is the time of the first record. */
    void baseTimestampMillis(long base) {
        baseTimestampMillis = base;
        baseIsSet = true;
    }

    int count() {
        return count;
    }

    long baseTimestampMillis() {
        return baseTimestampMillis;
    }

    long maxTimestampMillis() {
        return maxTimestampMillis;
    }

    /** The record as it is. */
    void add(RecordView record) {
        int keyLength = record.keyLength();
        int at = begin(record, keyLength, record.headerCount(), record.headersLength());
        at = Varints.putInt(bytes, at, keyLength);
        if (keyLength > 0) {
            record.buffer().getBytes(record.keyPosition(), bytes, at, keyLength);
            at += keyLength;
        }
        end(putHeaders(record, putValue(record, at), record.headerCount()));
    }

    /** The record with another key, and with more headers behind its own. */
    void add(RecordView record, byte[] key, HeaderBlockWriter more) {
        int headers = record.headerCount() + more.count();
        int at = begin(record, key.length, headers, record.headersLength() + more.length());
        at = Varints.putInt(bytes, at, key.length);
        System.arraycopy(key, 0, bytes, at, key.length);
        at = putHeaders(record, putValue(record, at + key.length), headers);
        System.arraycopy(more.array(), 0, bytes, at, more.length());
        end(at + more.length());
    }

    private int begin(RecordView record, int keyLength, int headers, int headersLength) {
        if (!baseIsSet) {
            baseTimestampMillis(record.timestampMillis());
        }
        long timestampDelta = record.timestampMillis() - baseTimestampMillis;
        int valueLength = record.valueLength();
        long size = 1L
                + Varints.sizeOfLong(timestampDelta)
                + Varints.sizeOfInt(record.offsetDelta())
                + Varints.sizeOfInt(keyLength)
                + Math.max(keyLength, 0)
                + Varints.sizeOfInt(valueLength)
                + Math.max(valueLength, 0)
                + Varints.sizeOfInt(headers)
                + headersLength;
        ensureRoom(Varints.MAX_INT_BYTES + size);
        int at = Varints.putInt(bytes, length, (int) size);
        bytes[at++] = 0;
        at = Varints.putLong(bytes, at, timestampDelta);
        count++;
        maxTimestampMillis = Math.max(maxTimestampMillis, record.timestampMillis());
        return Varints.putInt(bytes, at, record.offsetDelta());
    }

    private int putValue(RecordView record, int index) {
        int at = Varints.putInt(bytes, index, record.valueLength());
        if (record.valueLength() > 0) {
            record.buffer().getBytes(record.valuePosition(), bytes, at, record.valueLength());
            at += record.valueLength();
        }
        return at;
    }

    private int putHeaders(RecordView record, int index, int headers) {
        int at = Varints.putInt(bytes, index, headers);
        record.buffer().getBytes(record.headersPosition(), bytes, at, record.headersLength());
        return at + record.headersLength();
    }

    private void end(int at) {
        length = at;
    }

    private void ensureRoom(long needed) {
        long wanted = length + needed;
        if (wanted > bytes.length) {
            if (wanted > Integer.MAX_VALUE / 2) {
                throw RmqError.PAYLOAD_TOO_LARGE.exception("a batch of " + wanted + " bytes cannot be written anew");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.max(Math.max(wanted, INITIAL_BYTES), 2L * bytes.length));
        }
    }

    /** Room for the header, then the records, packed as they were. */
    ByteBuf write(int compression, ByteBufAllocator allocator) {
        byte[] records = bytes;
        int offset = 0;
        int size = length;
        if (compression != 0) {
            Codec codec = Codec.of(compression);
            ByteBuffer packed = RecordBatchPacker.pack(bytes, length, codec, codec.defaultLevel());
            records = packed.array();
            offset = packed.arrayOffset();
            size = packed.limit();
        }
        int total = RecordBatch.HEADER_BYTES + size;
        ByteBuf written = allocator.buffer(total, total);
        written.writerIndex(RecordBatch.HEADER_BYTES);
        written.writeBytes(records, offset, size);
        return written;
    }

    void shrink() {
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = NONE;
        }
    }
}
