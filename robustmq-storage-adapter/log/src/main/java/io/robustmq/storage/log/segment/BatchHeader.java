/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.record.RecordBatch;

/** Fields of a record batch v2 at an index of a buffer, without an object for the batch. Stateless. */
final class BatchHeader {
    /** Base offset, length, epoch, magic and the CRC itself: what the CRC of a batch does not cover. */
    static final int OUTER_BYTES = 21;
    /** And what says how far a batch goes, so that nobody passes over one that lies about it. */
    static final int SUMMED_BYTES = 27;

    private static final byte MAGIC = 2;
    private static final int[] CRC32C_TABLE = new int[256];

    static {
        for (int value = 0; value < 256; value++) {
            int crc = value;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ 0x82F63B78 : crc >>> 1;
            }
            CRC32C_TABLE[value] = crc;
        }
    }

    private BatchHeader() {}

    static long baseOffset(ByteBuf buffer, int index) {
        return buffer.getLong(index);
    }

    /** With the bytes that the length field does not count; long, because a damaged field may say anything. */
    static long sizeBytes(ByteBuf buffer, int index) {
        return (long) buffer.getInt(index + 8) + RecordBatch.LOG_OVERHEAD_BYTES;
    }

    static int epoch(ByteBuf buffer, int index) {
        return buffer.getInt(index + 12);
    }

    static int crc(ByteBuf buffer, int index) {
        return buffer.getInt(index + 17);
    }

    static int lastOffsetDelta(ByteBuf buffer, int index) {
        return buffer.getInt(index + 23);
    }

    static long nextOffset(ByteBuf buffer, int index) {
        return baseOffset(buffer, index) + lastOffsetDelta(buffer, index) + 1;
    }

    static long maxTimestampMillis(ByteBuf buffer, int index) {
        return buffer.getLong(index + 35);
    }

    static int recordCount(ByteBuf buffer, int index) {
        return buffer.getInt(index + 57);
    }

    /**
     * Goes on with a CRC32C over the first bytes of one more batch; 0 to begin with. Not the JDK's class: that one cannot
     * go on from a value that was stored.
     */
    static int outerCrc(int crcBefore, ByteBuf buffer, int index) {
        int crc = ~crcBefore;
        for (int at = index; at < index + SUMMED_BYTES; at++) {
            crc = (crc >>> 8) ^ CRC32C_TABLE[(crc ^ buffer.getByte(at)) & 0xFF];
        }
        return ~crc;
    }

    /** What is wrong with a header of which at least {@link RecordBatch#HEADER_BYTES} are there; null when nothing is. */
    static @org.jspecify.annotations.Nullable String damage(ByteBuf buffer, int index, long bytesLeft) {
        byte magic = buffer.getByte(index + 16);
        if (magic != MAGIC) {
            return "format " + magic + " where batches have " + MAGIC;
        }
        long size = sizeBytes(buffer, index);
        if (size < RecordBatch.HEADER_BYTES || size > bytesLeft) {
            return "a batch of " + size + " bytes where " + bytesLeft + " are left";
        }
        long base = baseOffset(buffer, index);
        int delta = lastOffsetDelta(buffer, index);
        int count = recordCount(buffer, index);
        if (base < 0 || delta < 0 || base > Long.MAX_VALUE - 1 - delta || count < 0 || count > delta + 1L) {
            return count + " records from offset " + base + " with a last delta of " + delta;
        }
        return null;
    }
}
