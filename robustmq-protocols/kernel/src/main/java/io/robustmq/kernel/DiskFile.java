/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import io.netty.buffer.ByteBuf;

/**
 * An open file. Written, truncated and forced by one disk thread at a time; reads may come from other disk threads
 * meanwhile. After {@link #close} every method answers CLOSED.
 */
public interface DiskFile extends AutoCloseable {

    String path();

    long size();

    /** Writes the readable bytes of the borrowed buffers one behind the other, in one go; grows the file if needed. */
    void write(long position, ByteBuf... buffers);

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

    /** Cuts the file; does nothing if it is shorter. Durable after {@link #force}. */
    void truncate(long size);

    @Override
    void close();
}
