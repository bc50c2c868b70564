/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** Buffers as a device takes them without a copy: they begin on a page, and so does what is written from them. Stateless. */
public final class AlignedMemory {
    /** Of positions, lengths and addresses. No device asks for more. */
    public static final int ALIGNMENT = 4096;

    private AlignedMemory() {}

    /** An empty direct buffer of fixed size, which begins on a page; outside all pools. */
    public static ByteBuf allocate(int capacity) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.addExact(capacity, ALIGNMENT)).alignedSlice(ALIGNMENT);
        return Unpooled.wrappedBuffer(bytes.slice(0, capacity)).clear();
    }

    /** The bytes rounded up to whole pages. */
    public static long align(long bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Throws INVALID_REQUEST unless position, length and address lie on pages. */
    public static void require(long position, ByteBuf buffer) {
        int length = buffer.readableBytes();
        boolean aligned = buffer.isDirect()
                && buffer.nioBufferCount() == 1
                && (position & (ALIGNMENT - 1)) == 0
                && (length & (ALIGNMENT - 1)) == 0
                && (length == 0 || buffer.nioBuffer().alignmentOffset(0, ALIGNMENT) == 0);
        if (!aligned) {
            throw RmqError.INVALID_REQUEST.exception(
                    "not aligned to " + ALIGNMENT + ": " + length + " bytes at " + position);
        }
    }
}
