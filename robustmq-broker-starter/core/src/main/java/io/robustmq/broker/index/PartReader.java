/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads what {@link PartWriter} wrote; whatever the bytes are, it ends or throws CORRUPT_DATA. Confined to one loop. */
final class PartReader {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private int position;

    PartReader(byte[] bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    int position() {
        return position;
    }

    void position(int newPosition) {
        if (newPosition < 0 || newPosition > bytes.length) {
            throw corrupt("a position of " + newPosition + " in " + bytes.length + " bytes");
        }
        position = newPosition;
    }

    private void need(int count) {
        if (count < 0 || bytes.length - position < count) {
            throw corrupt(count + " bytes wanted where " + (bytes.length - position) + " are left");
        }
    }

    int readByte() {
        need(1);
        return bytes[position++];
    }

    int readInt() {
        need(4);
        int value = (int) INT.get(bytes, position);
        position += 4;
        return value;
    }

    long readLong() {
        need(8);
        long value = (long) LONG.get(bytes, position);
        position += 8;
        return value;
    }

    int readVar() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = readByte();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw corrupt("a number of more than five bytes");
    }

    /** A number that is not negative and at most {@code max}, so that nobody allocates or walks what a lie asks for. */
    int readVarUpTo(int max) {
        int value = readVar();
        if (value < 0 || value > max) {
            throw corrupt("a number of " + value + " where " + max + " is the largest");
        }
        return value;
    }

    void readBytes(byte[] target, int at, int count) {
        need(count);
        if (at < 0 || at + count > target.length) {
            throw corrupt(count + " bytes where " + (target.length - at) + " fit");
        }
        System.arraycopy(bytes, position, target, at, count);
        position += count;
    }

    static RmqException corrupt(String what) {
        return RmqError.CORRUPT_DATA.exception("a part of a subject index holds " + what);
    }
}
