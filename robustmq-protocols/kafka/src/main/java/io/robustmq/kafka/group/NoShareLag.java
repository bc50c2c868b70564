/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** What only share groups ask for, which this broker does not have. Immutable. */
final class NoShareLag implements PartitionMetadataClient {

    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(Set<TopicPartition> partitions) {
        Map<TopicPartition, CompletableFuture<OffsetResponse>> refused = new HashMap<>();
        partitions.forEach(partition -> refused.put(
                partition, CompletableFuture.completedFuture(new OffsetResponse(-1, Errors.UNSUPPORTED_VERSION))));
        return refused;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
