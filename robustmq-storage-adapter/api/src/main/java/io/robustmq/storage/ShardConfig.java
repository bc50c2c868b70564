/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.robustmq.kernel.RmqError;

/**
 * What an engine must know of a topic.
 *
 * @param retentionMillis records older than this may go; -1 for no limit in time
 * @param retentionBytes bytes of batches beyond which the oldest go; -1 for no limit in size (memory refuses that)
 * @param retentionRecords records beyond which the oldest go; -1 for no limit in number
 * @param maxBatchBytes a larger batch is refused
 * @param compacted records are kept by key; retention does not apply
 * @param durability what appends of this topic usually ask for: how an engine lays the shard out. The promise is that of
 *     each append
 * @param flushIntervalMillis what was appended with less than FSYNC is forced no later than this; -1 to leave it to the
 *     operating system
 * @param segmentBytes an open segment is sealed at this size
 * @param segmentMillis an open segment is sealed when its first record is that old; -1 for never
 */
public record ShardConfig(
        long retentionMillis,
        long retentionBytes,
        long retentionRecords,
        int maxBatchBytes,
        boolean compacted,
        Durability durability,
        long flushIntervalMillis,
        int segmentBytes,
        long segmentMillis) {
    /** Kafka's default, too. */
    public static final int DEFAULT_SEGMENT_BYTES = 1 << 30;

    public ShardConfig {
        if (maxBatchBytes < 1024) {
            throw RmqError.INVALID_CONFIG.exception("maxBatchBytes must be at least 1024, not " + maxBatchBytes);
        }
        if (segmentBytes < 4096) {
            throw RmqError.INVALID_CONFIG.exception("segmentBytes must be at least 4096, not " + segmentBytes);
        }
        if (flushIntervalMillis == 0 || segmentMillis == 0) {
            throw RmqError.INVALID_CONFIG.exception("an interval is -1 (none) or more than 0 milliseconds");
        }
    }

    /** Synced, in segments of the default size. */
    public ShardConfig(
            long retentionMillis, long retentionBytes, long retentionRecords, int maxBatchBytes, boolean compacted) {
        this(
                retentionMillis,
                retentionBytes,
                retentionRecords,
                maxBatchBytes,
                compacted,
                Durability.FSYNC,
                -1,
                DEFAULT_SEGMENT_BYTES,
                -1);
    }
}
