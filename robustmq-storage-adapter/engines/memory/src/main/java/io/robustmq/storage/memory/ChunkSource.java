/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Buffers for chunks, up to the engine's total. Thread-safe; called once per chunk, not per batch. */
final class ChunkSource {
    private final ByteBufAllocator allocator;
    private final long maxTotalBytes;
    private final AtomicLong totalBytes = new AtomicLong();

    ChunkSource(ByteBufAllocator allocator, long maxTotalBytes) {
        this.allocator = allocator;
        this.maxTotalBytes = maxTotalBytes;
    }

    /**
     * A chunk of that size; null when the total or the JVM's direct memory is used up.
     *
     * @param mayExceedTotal for a shard's only chunk, so that no shard is starved by the others, and for rewriting, which
     *     gives back more than it takes
     */
    @Nullable
    Chunk tryAllocate(int bytes, int expectedBatches, boolean mayExceedTotal) {
        if (totalBytes.addAndGet(bytes) > maxTotalBytes && !mayExceedTotal) {
            totalBytes.addAndGet(-bytes);
            return null;
        }
        ByteBuf buffer = null;
        try {
            buffer = allocator.directBuffer(bytes, bytes);
            return new Chunk(buffer, expectedBatches);
        } catch (OutOfMemoryError e) {
            // Netty throws it for its own limit, before the JVM is in any danger: an expected outcome of a small node.
            if (buffer != null) {
                buffer.release();
            }
            totalBytes.addAndGet(-bytes);
            return null;
        }
    }

    /** The ring lets go of a chunk; readers may hold its bytes a little longer. */
    void free(Chunk chunk) {
        totalBytes.addAndGet(-chunk.capacity());
        chunk.letGo();
    }

    CompositeByteBuf composite() {
        // The limit of components beyond which Netty copies them into one buffer is of no use here.
        return allocator.compositeDirectBuffer(Integer.MAX_VALUE);
    }

    /** A copy that pins nothing but itself. */
    ByteBuf copyOf(ByteBuf source) {
        int bytes = source.readableBytes();
        return allocator.buffer(bytes, Math.max(bytes, 1)).writeBytes(source, source.readerIndex(), bytes);
    }

    long totalBytes() {
        return totalBytes.get();
    }
}
