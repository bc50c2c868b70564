/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.RmqError;

/**
 * Limits of one disk's log. Immutable.
 *
 * @param walFileBytes size of a file of the write-ahead log; fixed when the disk is formatted
 * @param checkpointBytes of write-ahead log between checkpoints; a restart replays about as much, and about twice as much lies
 *     on the disk
 * @param groupBytes a group is written when it has so many bytes, even if more waits
 * @param inboxBytes bytes of batches that wait for the writer; more are refused with OVERLOADED
 * @param inboxCount calls that wait for the writer; more are refused with OVERLOADED
 * @param lowWaterBytes appends are refused when less than this is free
 * @param openFilesMax files that are open at a time
 * @param indexBytesMax memory for the indexes of sealed segments
 * @param idleMillis after so long without work the log says that its last group has been forced
 */
public record LogConfig(
        int walFileBytes,
        long checkpointBytes,
        int groupBytes,
        long inboxBytes,
        int inboxCount,
        long lowWaterBytes,
        int openFilesMax,
        long indexBytesMax,
        int idleMillis) {
    private static final long MIB = 1L << 20;

    public LogConfig {
        if (walFileBytes < 1 << 16 || walFileBytes > 1 << 30 || Integer.bitCount(walFileBytes) != 1) {
            throw RmqError.INVALID_CONFIG.exception(
                    "a file of the write-ahead log has a power of two of bytes from 64 KiB to 1 GiB, not "
                            + walFileBytes);
        }
        if (checkpointBytes < walFileBytes) {
            throw RmqError.INVALID_CONFIG.exception("checkpoints are at least one file of the write-ahead log apart: "
                    + checkpointBytes + " is less than " + walFileBytes);
        }
        if (groupBytes < 4096 || inboxBytes < 1 || inboxCount < 1 || lowWaterBytes < 0 || openFilesMax < 1) {
            throw RmqError.INVALID_CONFIG.exception("the log's limits must be positive");
        }
    }

    public static LogConfig defaults() {
        return new LogConfig((int) (64 * MIB), 256 * MIB, (int) MIB, 64 * MIB, 1 << 17, 256 * MIB, 1024, 64 * MIB, 20);
    }

    public LogConfig withWalFileBytes(int bytes) {
        return new LogConfig(
                bytes,
                Math.max(bytes, checkpointBytes),
                groupBytes,
                inboxBytes,
                inboxCount,
                lowWaterBytes,
                openFilesMax,
                indexBytesMax,
                idleMillis);
    }

    public LogConfig withCheckpointBytes(long bytes) {
        return new LogConfig(
                walFileBytes,
                bytes,
                groupBytes,
                inboxBytes,
                inboxCount,
                lowWaterBytes,
                openFilesMax,
                indexBytesMax,
                idleMillis);
    }

    public LogConfig withLowWaterBytes(long bytes) {
        return new LogConfig(
                walFileBytes,
                checkpointBytes,
                groupBytes,
                inboxBytes,
                inboxCount,
                bytes,
                openFilesMax,
                indexBytesMax,
                idleMillis);
    }

    public LogConfig withInbox(long bytes, int count) {
        return new LogConfig(
                walFileBytes,
                checkpointBytes,
                groupBytes,
                bytes,
                count,
                lowWaterBytes,
                openFilesMax,
                indexBytesMax,
                idleMillis);
    }

    public LogConfig withOpenFilesMax(int files) {
        return new LogConfig(
                walFileBytes,
                checkpointBytes,
                groupBytes,
                inboxBytes,
                inboxCount,
                lowWaterBytes,
                files,
                indexBytesMax,
                idleMillis);
    }
}
