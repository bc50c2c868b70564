/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.subject.Partitioner;
import io.robustmq.meta.client.TopicInfo;
import java.nio.charset.StandardCharsets;

/**
 * A topic whose shards are open here. Immutable.
 *
 * @param wildcard whether it binds several subjects, so that the subject is the record's key
 * @param shards by partition
 */
record ServedTopic(TopicInfo info, boolean wildcard, ShardHandle[] shards) {

    /** Partition of a subject in a wildcard topic. */
    ShardHandle shardOf(String canonicalSubject) {
        return shardOf(canonicalSubject.getBytes(StandardCharsets.UTF_8));
    }

    ShardHandle shardOf(byte[] key) {
        return shards[Partitioner.partition(key, 0, key.length, shards.length)];
    }
}
