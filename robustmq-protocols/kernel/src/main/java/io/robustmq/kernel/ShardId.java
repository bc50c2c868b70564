/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/** One ordered log: a partition of a topic. */
public record ShardId(TopicId topic, int partition) implements Comparable<ShardId> {

    public ShardId {
        if (partition < 0) {
            throw RmqError.INVALID_REQUEST.exception("a partition is 0 or more, not " + partition);
        }
    }

    @Override
    public int compareTo(ShardId other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
