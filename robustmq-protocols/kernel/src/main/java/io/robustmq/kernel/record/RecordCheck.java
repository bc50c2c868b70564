/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Says whether a record is well formed without looking at each of its bytes: one load of eight bytes holds all lengths of an
 * ordinary record. What is not ordinary is left to {@link RecordView}. Confined to one loop.
 */
final class RecordCheck {
    /** The record has to be parsed: it has headers, long varints, or is wrong. */
    static final int UNDECIDED = -1;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private ByteBuffer bytes = EMPTY;
    /** The buffer's index of the first of {@link #bytes}. */
    private int start;

    private int offsetDelta;
    private int timestampDelta;

    /** From there on; borrowed until the next call. Parts of a composite buffer are never ordinary. */
    void reset(ByteBuf buffer, int index, int length) {
        start = index;
        bytes = buffer.nioBufferCount() == 1 ? buffer.nioBuffer(index, length).order(ByteOrder.LITTLE_ENDIAN) : EMPTY;
    }

    void clear() {
        bytes = EMPTY;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    int timestampDelta() {
        return timestampDelta;
    }

    /** The buffer's index behind the ordinary record at that index, or {@link #UNDECIDED}. */
    int check(int index) {
        int at = index - start;
        if (at > bytes.limit() - Long.BYTES) {
            return UNDECIDED;
        }
        long word = bytes.getLong(at);
        int raw = (int) word;
        int size = value(raw);
        int shift = bits(raw);
        int end = at + (shift >>> 3) + (size >>> 1);
        // Behind the size the attributes, which mean nothing.
        shift += Byte.SIZE;
        raw = (int) (word >>> shift);
        int time = value(raw);
        shift += bits(raw);
        raw = (int) (word >>> shift);
        int delta = value(raw);
        shift += bits(raw);
        if ((size | time | delta) < 0 || (size & 1) != 0) {
            return UNDECIDED;
        }
        timestampDelta = zigzag(time);
        offsetDelta = zigzag(delta);
        return fields(at + (shift >>> 3), end);
    }

    /** A varint of one or two bytes before zigzag; negative for a longer one. */
    private static int value(int raw) {
        if ((raw & 0x80) == 0) {
            return raw & 0x7F;
        }
        return (raw & 0x8000) == 0 ? raw & 0x7F | raw >>> 1 & 0x3F80 : -1;
    }

    private static int bits(int raw) {
        return (raw & 0x80) == 0 ? Byte.SIZE : Short.SIZE;
    }

    private int fields(int keyAt, int end) {
        int valueAt = behind(keyAt, end);
        int headersAt = behind(valueAt, end);
        // No headers, and nothing behind that.
        boolean ordinary = headersAt >= 0 && headersAt == end - 1 && end <= bytes.limit() && bytes.get(headersAt) == 0;
        return ordinary ? start + end : UNDECIDED;
    }

    /** Behind a field with its length in front, or {@link #UNDECIDED}. */
    private int behind(int at, int end) {
        if (at < 0 || at >= end || end > bytes.limit()) {
            return UNDECIDED;
        }
        int low = bytes.get(at);
        int length;
        int content = at + 1;
        if (low >= 0) {
            length = zigzag(low);
        } else if (content < end) {
            int high = bytes.get(content++);
            if (high < 0) {
                return UNDECIDED;
            }
            length = zigzag(low & 0x7F | high << 7);
        } else {
            return UNDECIDED;
        }
        if (length < -1) {
            return UNDECIDED;
        }
        // No overflow: a length of two bytes is small.
        return content + Math.max(0, length);
    }

    private static int zigzag(int value) {
        return value >>> 1 ^ -(value & 1);
    }
}
