/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import java.nio.ByteBuffer;

/**
 * Checks the lengths in a snappy stream before snappy-java sees it, because that allocates what they claim, up to 512 MiB
 * for a chunk and 2 GiB for its content, before it reads a byte of either. Stateless.
 */
final class SnappyFraming {
    /** 0x82 S N A P P Y 0 of snappy-java's stream format. */
    private static final long MAGIC = 0x82534E4150505900L;

    private static final int MAGIC_HEAD = (int) (MAGIC >>> 32);
    private static final int HEADER_BYTES = 16;

    private SnappyFraming() {}

    static void check(ByteBuffer packed, int maxBytes) {
        if (packed.remaining() < HEADER_BYTES || packed.getLong(packed.position()) != MAGIC) {
            // Other libraries send one raw block.
            claimed(packed, maxBytes);
            return;
        }
        packed.position(packed.position() + HEADER_BYTES);
        long total = 0;
        while (packed.remaining() >= Integer.BYTES) {
            int size = packed.getInt();
            if (size == MAGIC_HEAD && packed.remaining() >= HEADER_BYTES - Integer.BYTES) {
                packed.position(packed.position() + HEADER_BYTES - Integer.BYTES); // streams may be concatenated
                continue;
            }
            if (size < 0 || size > packed.remaining()) {
                throw VarintCursor.corrupt(
                        "a snappy chunk of " + size + " bytes where " + packed.remaining() + " are left");
            }
            ByteBuffer chunk = packed.slice(packed.position(), size);
            total += claimed(chunk, maxBytes);
            if (total > maxBytes) {
                throw VarintCursor.corrupt("it unpacks to more than " + maxBytes + " bytes");
            }
            packed.position(packed.position() + size);
        }
    }

    /** The size that a raw block says it unpacks to: an unsigned varint in front of it. */
    private static long claimed(ByteBuffer block, int maxBytes) {
        long value = 0;
        for (int shift = 0; shift <= 28 && block.hasRemaining(); shift += 7) {
            byte next = block.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                if (value > maxBytes) {
                    throw VarintCursor.corrupt("it unpacks to more than " + maxBytes + " bytes");
                }
                return value;
            }
        }
        throw VarintCursor.corrupt("a snappy block without a length");
    }
}
