/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;

/**
 * What a message of the generator carries: who sent it, its number, and the moment at which it should have been sent (of
 * the machine's monotonic clock, which all processes share). Stateless.
 */
final class Payload {
    static final int BYTES_MIN = 24;

    private static final int MAGIC = 0x524D_5142;
    private static final int PUBLISHER_AT = 4;
    private static final int SEQUENCE_AT = 8;
    private static final int INTENDED_AT = 16;

    private Payload() {}

    static byte[] template(int size, int publisher) {
        byte[] bytes = new byte[size];
        for (int i = BYTES_MIN; i < size; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        putInt(bytes, 0, MAGIC);
        putInt(bytes, PUBLISHER_AT, publisher);
        return bytes;
    }

    static void stamp(ByteBuf buffer, int payloadAt, long sequence, long intendedNanos) {
        buffer.setLong(payloadAt + SEQUENCE_AT, sequence);
        buffer.setLong(payloadAt + INTENDED_AT, intendedNanos);
    }

    /** Whether a generator sent it. */
    static boolean isOurs(ByteBuf buffer, int payloadAt, int length) {
        return length >= BYTES_MIN && buffer.getInt(payloadAt) == MAGIC;
    }

    static int publisher(ByteBuf buffer, int payloadAt) {
        return buffer.getInt(payloadAt + PUBLISHER_AT);
    }

    static long sequence(ByteBuf buffer, int payloadAt) {
        return buffer.getLong(payloadAt + SEQUENCE_AT);
    }

    static long intendedNanos(ByteBuf buffer, int payloadAt) {
        return buffer.getLong(payloadAt + INTENDED_AT);
    }

    private static void putInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }
}
