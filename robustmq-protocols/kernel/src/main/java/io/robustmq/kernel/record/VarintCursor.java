/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;

/** Reads varints below a limit and refuses what lies beyond it, whatever the bytes say. Confined to its reader's loop. */
final class VarintCursor {
    private ByteBuf buffer = io.netty.buffer.Unpooled.EMPTY_BUFFER;
    private int position;
    private int limit;

    void reset(ByteBuf buffer, int position, int limit) {
        this.buffer = buffer;
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
        return buffer.getByte(position++);
    }

    int readInt() {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
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
