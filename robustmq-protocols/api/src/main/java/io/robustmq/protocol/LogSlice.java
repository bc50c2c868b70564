/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.nio.channels.FileChannel;

/**
 * Whole committed batches as a region of a file, which stays as it is, whatever becomes of the partition, until this is given
 * back. Thread-safe.
 */
public interface LogSlice {

    int bytes();

    /** The first offset behind the last batch. */
    long nextOffset();

    /** To be read at {@link #position} only; not to be closed. */
    FileChannel channel();

    /** Where the slice begins in {@link #channel}. */
    long position();

    /** Once; on any thread. */
    void release();
}
