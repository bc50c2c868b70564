/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.SessionProgress.Drops;
import java.util.List;

/** How far a group is, as it is kept. Immutable; the arrays are not to be changed. */
public record GroupProgress(List<Place> places, Drops drops) {

    /**
     * Where it is in one shard.
     *
     * @param epoch of the owner that told it
     * @param next everything below was given to a member, does not match, or was dropped
     * @param open of these, offsets that are not acknowledged, rising
     * @param settled offsets at or above that nobody gets any more, rising
     */
    public record Place(ShardId shard, int epoch, long next, long[] open, long[] settled) {

        /** Everything below is over. */
        public long position() {
            return open.length == 0 ? next : Math.min(next, open[0]);
        }
    }
}
