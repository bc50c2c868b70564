/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.ShardId;

/** One sequence of segments on one disk. A shard of the file engine has segment id 0; a replica one for each of meta's. */
public record StreamId(ShardId shard, long segmentId) implements Comparable<StreamId> {

    @Override
    public int compareTo(StreamId other) {
        int byShard = shard.compareTo(other.shard);
        return byShard != 0 ? byShard : Long.compare(segmentId, other.segmentId);
    }

    /**
     * Of all files of the stream with that number. Streams that had the same id one after the other do not share it: a replay
     * of the log writes and deletes those of the first when those of the last are there already.
     */
    public String directory(int number) {
        return "streams/" + shard + "/" + segmentId + "-" + number;
    }

    @Override
    public String toString() {
        return shard + "/" + segmentId;
    }
}
