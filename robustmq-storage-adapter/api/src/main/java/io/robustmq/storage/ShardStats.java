/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import java.util.List;

/**
 * A consistent view of a shard. {@code startOffset <= highWatermark <= endOffset}.
 *
 * @param epochs epochs in rising order with the offset at which each ended (the last one ends at endOffset)
 */
public record ShardStats(
        long startOffset, long endOffset, long highWatermark, long bytes, int segments, List<EpochEnd> epochs) {

    public ShardStats {
        epochs = List.copyOf(epochs);
    }

    /** See {@link ShardStats#epochs}. */
    public record EpochEnd(int epoch, long endOffset) {}
}
