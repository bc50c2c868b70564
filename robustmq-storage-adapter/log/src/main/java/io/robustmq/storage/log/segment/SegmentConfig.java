/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.storage.ShardConfig;

/**
 * @param segmentBytes an open segment is sealed at this size
 * @param segmentMillis or when its first batch is that old; -1 for never
 */
public record SegmentConfig(int segmentBytes, long segmentMillis) {

    public static SegmentConfig of(ShardConfig config) {
        return new SegmentConfig(config.segmentBytes(), config.segmentMillis());
    }
}
