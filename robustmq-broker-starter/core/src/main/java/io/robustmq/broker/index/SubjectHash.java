/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes the canonical form of a subject from its published bytes, eight at a time. Stateless. */
final class SubjectHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;
    private static final long SLASHES = 0x2F2F2F2F2F2F2F2FL;

    private SubjectHash() {}

    /** @param seed so that nobody can prepare subjects that collide */
    static long of(ByteBuf buffer, int position, int length, long seed) {
        long hash = seed ^ length * MIX;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = mix(hash ^ canonical(buffer.getLong(position + i)));
        }
        long rest = 0;
        for (; i < length; i++) {
            rest = rest << 8 | canonical(buffer.getByte(position + i)) & 0xFF;
        }
        return finish(hash ^ rest);
    }

    static long of(byte[] bytes, long seed) {
        long hash = seed ^ bytes.length * MIX;
        int i = 0;
        for (; i + 8 <= bytes.length; i += 8) {
            hash = mix(hash ^ canonical((long) LONG.get(bytes, i)));
        }
        long rest = 0;
        for (; i < bytes.length; i++) {
            rest = rest << 8 | canonical(bytes[i]) & 0xFF;
        }
        return finish(hash ^ rest);
    }

    /** The byte of the dot spelling. */
    static byte canonical(byte published) {
        return published == '/' ? (byte) '.' : published;
    }

    /** Slash and dot differ in their lowest bit, so the bytes that are slashes lose theirs. */
    private static long canonical(long published) {
        long difference = published ^ SLASHES;
        long notSlash = ((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS;
        return published ^ ~notSlash >>> 7;
    }

    private static long mix(long value) {
        long mixed = value * MIX;
        return mixed ^ mixed >>> 29;
    }

    private static long finish(long value) {
        long mixed = (value ^ value >>> 32) * 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 32;
    }
}
