/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.kernel.RmqError;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.log.segment.SegmentConfig;

/**
 * Limits that hold whatever the topics say. Immutable.
 *
 * @param minSegmentBytes segments of shards that keep little are not made smaller than this
 * @param maxSegmentBytes nor larger, whatever the topic says: a segment is what retention drops at a time
 * @param maxPinsPerShard names that may pin one shard
 */
public record FileEngineConfig(int minSegmentBytes, int maxSegmentBytes, int maxPinsPerShard) {
    /** A shard drops whole segments, so that it keeps up to this part more than it has to. */
    private static final int SEGMENTS_PER_RETENTION = 4;

    private static final long SHORTEST_SEGMENT_MILLIS = 60_000;

    public FileEngineConfig {
        if (minSegmentBytes < 4096 || maxSegmentBytes < minSegmentBytes || maxPinsPerShard < 1) {
            throw RmqError.INVALID_CONFIG.exception("the file engine's limits are too small");
        }
    }

    public static FileEngineConfig defaults() {
        return new FileEngineConfig(1 << 20, 1 << 30, 4096);
    }

    /** Small enough that a small topic gives its space back in time. */
    SegmentConfig segments(ShardConfig config) {
        long bytes = Math.min(config.segmentBytes(), maxSegmentBytes);
        if (config.retentionBytes() >= 0 && !config.compacted()) {
            bytes = Math.min(bytes, Math.max(minSegmentBytes, config.retentionBytes() / SEGMENTS_PER_RETENTION));
        }
        long millis = config.segmentMillis();
        if (config.retentionMillis() >= 0 && !config.compacted()) {
            long part = Math.max(SHORTEST_SEGMENT_MILLIS, config.retentionMillis() / SEGMENTS_PER_RETENTION);
            millis = millis < 0 ? part : Math.min(millis, part);
        }
        return new SegmentConfig((int) bytes, millis);
    }
}
