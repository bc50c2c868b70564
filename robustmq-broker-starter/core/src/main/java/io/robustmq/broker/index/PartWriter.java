/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import java.util.Arrays;

/** Bytes that grow, with unsigned variable-length numbers. Confined to one loop. */
final class PartWriter {
    private byte[] bytes;
    private int length;

    PartWriter(int expectedBytes) {
        bytes = new byte[Math.max(16, expectedBytes)];
    }

    int length() {
        return length;
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length + bytes.length / 2));
        }
    }

    PartWriter putByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    PartWriter putInt(int value) {
        ensure(4);
        PartReader.INT.set(bytes, length, value);
        length += 4;
        return this;
    }

    void setInt(int at, int value) {
        PartReader.INT.set(bytes, at, value);
    }

    PartWriter putLong(long value) {
        ensure(8);
        PartReader.LONG.set(bytes, length, value);
        length += 8;
        return this;
    }

    PartWriter putVar(int value) {
        ensure(5);
        int left = value;
        while (left >>> 7 != 0) {
            bytes[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
        return this;
    }

    PartWriter putBytes(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    /** Forgets the numbers and bytes; the room stays. */
    void clear() {
        length = 0;
    }

    byte[] array() {
        return bytes;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
