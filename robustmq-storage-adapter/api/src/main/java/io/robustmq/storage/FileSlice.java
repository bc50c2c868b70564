/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Whole batches as a region of a file, so that they reach a socket without passing through this process. Counted: begins
 * with one reference, and the file stays as it is, even if retention deletes it meanwhile, until the last one is released.
 * Thread-safe; sending may be done by one thread at a time.
 */
public interface FileSlice {

    long bytes();

    /** The first offset behind the last batch: where the next read begins. */
    long nextOffset();

    /** As of this read. */
    long highWatermark();

    /**
     * Sends bytes from this position of the slice on; answers how many the channel took, 0 when it takes none now. The
     * target's failures are IOExceptions, the disk's are STORAGE_FAILED or CORRUPT_DATA.
     */
    long transferTo(WritableByteChannel target, long position) throws IOException;

    /** The file, for a transport that has a system call for it; null when only {@link #transferTo} works. */
    @Nullable
    FileChannel channel();

    /** Where the slice begins in {@link #channel}. */
    long channelPosition();

    FileSlice retain();

    /** Gives one reference back. May be called on any thread, and does not block. */
    void release();
}
