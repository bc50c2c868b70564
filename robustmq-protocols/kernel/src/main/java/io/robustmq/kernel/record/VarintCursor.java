/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import org.jspecify.annotations.Nullable;

/** Reads varints below a limit and refuses what lies beyond it, whatever the bytes say. Confined to its reader's loop. */
final class VarintCursor {
    private ByteBuf buffer = io.netty.buffer.Unpooled.EMPTY_BUFFER;
    /** The buffer's bytes when they lie in an array, past the checks and wrappers of a buffer; else null. */
    private byte @Nullable [] array;

    private int arrayOffset;
    private int position;
    private int limit;

    void reset(ByteBuf buffer, int position, int limit) {
        if (this.buffer != buffer) {
            this.buffer = buffer;
            array = buffer.hasArray() ? buffer.array() : null;
            arrayOffset = array == null ? 0 : buffer.arrayOffset();
        }
        this.position = position;
        this.limit = limit;
    }

    int position() {
        return position;
    }

    int remaining() {
        return limit - position;
    }

    /** Narrows or widens what may be read; the caller knows that the buffer holds it. */
    void limit(int limit) {
        this.limit = limit;
    }

    byte readByte() {
        if (position >= limit) {
            throw corrupt("a record ends in the middle of a field");
        }
        byte[] bytes = array;
        int at = position++;
        return bytes == null ? buffer.getByte(at) : bytes[arrayOffset + at];
    }

    int readInt() {
        int first = readByte();
        return first >= 0 ? (first >>> 1) ^ -(first & 1) : readLongerInt(first & 0x7F);
    }

    private int readLongerInt(int low) {
        int value = low;
        for (int shift = 7; ; shift += 7) {
            int next = readByte();
            if (shift == 28 && (next & 0xF0) != 0) {
                throw corrupt("a varint is longer than 32 bits");
            }
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
    }

    long readLong() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = readByte();
            if (shift == 63 && (next & 0xFE) != 0) {
                throw corrupt("a varint is longer than 64 bits");
            }
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
    }

    /** Reads a length of at least {@code minimum} that fits into what is left. */
    int readLength(int minimum) {
        int length = readInt();
        if (length < minimum || length > remaining()) {
            throw corrupt("a length of " + length + " where " + remaining() + " bytes are left");
        }
        return length;
    }

    void skip(int length) {
        position += length;
    }

    static RmqException corrupt(String what) {
        return RmqError.CORRUPT_BATCH.exception("corrupt record batch: " + what);
    }
}
