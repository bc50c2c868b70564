/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.subject.Spelling;

/**
 * Where a protocol's subjects go that no topic binds. Immutable.
 *
 * @param protocol whose subjects they are
 * @param topic name of the topic, created when the first broker starts
 * @param partitions fixed number of shards
 * @param volatileBytesPerShard size limit in memory
 * @param durableBytesPerShard size limit on a durable engine
 * @param durableRetentionMillis time limit on a durable engine
 */
public record CatchAll(
        String protocol,
        String topic,
        int partitions,
        long volatileBytesPerShard,
        long durableBytesPerShard,
        long durableRetentionMillis) {

    /** In which everything in the topic was published: MQTT alone has slashes. */
    public Spelling spelling() {
        return protocol.equals("mqtt") ? Spelling.SLASH : Spelling.DOT;
    }
}
