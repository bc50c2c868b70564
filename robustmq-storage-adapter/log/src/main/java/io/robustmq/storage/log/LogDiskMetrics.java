/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

/**
 * What a disk's writer has done so far, and what waits. Immutable.
 *
 * @param groups turns of the writer
 * @param batches written
 * @param bytes of batches written
 * @param syncedWrites groups of the write-ahead log that were durable when written
 * @param walForces forces of the write-ahead log
 * @param segmentForces of segment files that an append waited for
 * @param walPosition the end of the write-ahead log
 * @param walBytes of its files on the disk
 * @param waitingBytes in the inbox
 * @param waitingCalls in the inbox
 */
public record LogDiskMetrics(
        long groups,
        long batches,
        long bytes,
        long syncedWrites,
        long walForces,
        long segmentForces,
        long walPosition,
        long walBytes,
        long waitingBytes,
        int waitingCalls) {
    static final LogDiskMetrics NONE = new LogDiskMetrics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
