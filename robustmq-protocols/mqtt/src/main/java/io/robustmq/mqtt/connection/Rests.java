/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** Where what is left of a read waits for more. Stateless. */
final class Rests {
    private static final int STEP_BYTES = 1 << 20;
    private static final int LEAST_BYTES = 64;

    private Rests() {}

    /** A copy, because read buffers are shared, with room for what is certainly missing. */
    static ByteBuf of(ByteBuf read, int missingBytes) {
        int rest = read.readableBytes();
        int wanted = rest + Math.max(missingBytes, LEAST_BYTES);
        ByteBuf kept = PooledByteBufAllocator.DEFAULT.buffer(Math.min(wanted, rest + STEP_BYTES));
        kept.writeBytes(read, read.readerIndex(), rest);
        return kept;
    }

    /** The same bytes with room for more; a large packet gets it step by step. The given buffer is released. */
    static ByteBuf enlarge(ByteBuf rest, int more, int missingBytes) {
        int wanted = rest.readableBytes() + Math.max(more, Math.min(missingBytes, rest.readableBytes() + STEP_BYTES));
        ByteBuf larger = PooledByteBufAllocator.DEFAULT.buffer(wanted);
        larger.writeBytes(rest);
        rest.release();
        return larger;
    }
}
