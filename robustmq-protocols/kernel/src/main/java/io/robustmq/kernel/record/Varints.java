/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

/** Zigzag variable-length integers as Kafka writes them. Stateless. */
final class Varints {
    /** The longest 32-bit varint. */
    static final int MAX_INT_BYTES = 5;
    /** The longest 64-bit varint. */
    static final int MAX_LONG_BYTES = 10;

    private Varints() {}

    static int sizeOfInt(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        // ceil(significantBits / 7), at least 1
        return (38 - Integer.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    static int sizeOfLong(long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    /** Writes at the index and answers the index behind. */
    static int putInt(byte[] target, int index, int value) {
        int rest = (value << 1) ^ (value >> 31);
        int at = index;
        while ((rest & ~0x7F) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }

    /** Writes at the index and answers the index behind. */
    static int putLong(byte[] target, int index, long value) {
        long rest = (value << 1) ^ (value >> 63);
        int at = index;
        while ((rest & ~0x7FL) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }
}
