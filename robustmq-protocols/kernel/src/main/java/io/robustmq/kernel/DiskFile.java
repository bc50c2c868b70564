/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * An open file. Written and truncated by one disk thread at a time; reads may come from other disk threads meanwhile, and
 * one more may force. After {@link #close} every method answers CLOSED.
 */
public interface DiskFile extends AutoCloseable {

    String path();

    long size();

    /** Writes the readable bytes of the borrowed buffers one behind the other, in one go; grows the file if needed. */
    void write(long position, ByteBuf... buffers);

    /**
     * Writes the readable bytes of the borrowed buffer, durable when it returns, past the page cache where that is possible.
     * What else was written into the file is as durable as before. Position, length and the buffer's memory lie on pages
     * (see {@link AlignedMemory}), else INVALID_REQUEST. Into allocated space: growing a file costs a second write. A failure
     * means what one of {@link #force} does.
     */
    void writeThrough(long position, ByteBuf aligned);

    /**
     * Appends up to {@code length} bytes to the borrowed target, not a composite buffer, and answers how many: fewer only
     * at the end of the file.
     */
    int read(long position, ByteBuf target, int length);

    /**
     * Makes durable what was written before. After a failure nothing is known about it, and a second try would succeed
     * without having written anything: the disk is given up instead.
     */
    void force();

    /**
     * Hands bytes of the file to the channel, past this process's memory where the system can, and answers how many it took:
     * 0 at the end of the file and when the channel takes none now.
     */
    default long transferTo(long position, long length, WritableByteChannel target) throws IOException {
        int chunk = (int) Math.min(length, 64 * 1024);
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(chunk);
        try {
            int read = read(position, copy, chunk);
            return read == 0 ? 0 : target.write(copy.nioBuffer());
        } finally {
            copy.release();
        }
    }

    /**
     * The system's own handle, for what sends a file without looking at it (sendfile); null where there is none. Only to be
     * read from, by position, and never closed.
     */
    default @Nullable FileChannel channel() {
        return null;
    }

    /** Cuts the file; does nothing if it is shorter. Durable after {@link #force}. */
    void truncate(long size);

    @Override
    void close();
}
