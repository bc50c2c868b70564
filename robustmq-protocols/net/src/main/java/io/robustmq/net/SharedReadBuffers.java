/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * One read buffer of 64 KiB for all connections of a loop, instead of one for each. It is handed out again when the
 * handlers have released it; who keeps it (a slice, a retained buffer) keeps it, and the loop takes a new one. So a
 * handler that keeps buffers wastes memory but never sees foreign bytes. Thread-safe: the buffer is confined to its loop.
 */
final class SharedReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    static final int BUFFER_BYTES = 64 * 1024;

    /** Netty's own 16 would let one client's flood have a megabyte of packets worked off before anybody else is looked at. */
    private static final int READS_PER_TURN = 2;

    /** Without leak detection: the buffer lives as long as its loop. */
    private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true);

    private static final FastThreadLocal<Holder> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected Holder initialValue() {
            return new Holder();
        }

        @Override
        protected void onRemoval(Holder holder) {
            holder.release();
        }
    };

    SharedReadBuffers() {
        super(READS_PER_TURN);
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own subclasses have no other way to implement it either.
    public Handle newHandle() {
        return new SharedHandle();
    }

    /** Confined to one loop. */
    private static final class Holder {
        private ByteBuf buffer = ALLOCATOR.directBuffer(BUFFER_BYTES, BUFFER_BYTES);

        ByteBuf take() {
            if (buffer.refCnt() != 1) {
                buffer.release();
                buffer = ALLOCATOR.directBuffer(BUFFER_BYTES, BUFFER_BYTES);
            }
            return buffer.clear().retain();
        }

        void release() {
            buffer.release();
        }
    }

    private final class SharedHandle extends MaxMessageHandle {
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return OF_LOOP.get().take();
        }

        @Override
        public int guess() {
            return BUFFER_BYTES;
        }
    }
}
