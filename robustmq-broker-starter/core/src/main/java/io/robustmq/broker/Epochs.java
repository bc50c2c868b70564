/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.protocol.LogPartition.EpochEnd;
import io.robustmq.storage.ShardStats;
import java.util.List;

/** Which owner's epoch has written which offsets, answered as Kafka's leaders do. Stateless. */
final class Epochs {
    static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);

    private Epochs() {}

    /**
     * The largest epoch up to the asked one that has written something, and where its records end; for one older than all that
     * is kept, the asked one and where that begins.
     */
    static EpochEnd endOf(ShardStats stats, int epoch) {
        List<ShardStats.EpochEnd> epochs = stats.epochs();
        int last = epochs.size() - 1;
        if (epoch < 0 || last < 0 || epoch > epochs.get(last).epoch()) {
            return UNKNOWN;
        }
        if (epoch == epochs.get(last).epoch()) {
            return new EpochEnd(epoch, stats.highWatermark());
        }
        int higher = 0;
        while (epochs.get(higher).epoch() <= epoch) {
            higher++;
        }
        return higher == 0
                ? new EpochEnd(epoch, stats.startOffset())
                : new EpochEnd(
                        epochs.get(higher - 1).epoch(), epochs.get(higher - 1).endOffset());
    }

    /** The epoch under which the offset was written, or will be. */
    static int epochOf(ShardStats stats, long offset) {
        int epoch = -1;
        for (ShardStats.EpochEnd each : stats.epochs()) {
            epoch = each.epoch();
            if (offset < each.endOffset()) {
                break;
            }
        }
        return epoch;
    }
}
