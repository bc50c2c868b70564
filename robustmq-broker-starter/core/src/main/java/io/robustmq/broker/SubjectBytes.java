/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Compares and hashes subjects as they lie in read buffers, eight bytes at a time. */
final class SubjectBytes {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private SubjectBytes() {}

    /** Whether {@code own.length} bytes from the offset equal {@code own}. */
    static boolean equal(byte[] own, ByteBuf buffer, int offset) {
        int i = 0;
        for (int end = own.length - 7; i < end; i += 8) {
            if ((long) LONG.get(own, i) != buffer.getLong(offset + i)) {
                return false;
            }
        }
        for (; i < own.length; i++) {
            if (own[i] != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    static int hash(ByteBuf buffer, int offset, int length) {
        long hash = length;
        int i = 0;
        for (int end = length - 7; i < end; i += 8) {
            hash = (hash ^ buffer.getLong(offset + i)) * MIX;
            hash ^= hash >>> 32;
        }
        for (; i < length; i++) {
            hash = (hash ^ (buffer.getByte(offset + i) & 0xFF)) * MIX;
        }
        return (int) (hash ^ (hash >>> 29));
    }
}
