/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.robustmq.kafka.group.GroupOptions;
import org.jspecify.annotations.Nullable;

/**
 * What the node is to Kafka's clients. Immutable.
 *
 * @param clusterId as clients are told
 * @param nodeId the broker's id
 * @param advertised null for the address that the client itself has used
 * @param advertisedTls the same for clients that have come by TLS
 * @param autoCreateTopics whether clients that ask for it get topics that are not there
 * @param defaultPartitions of a topic whose creator names no number
 * @param listViews whether views are among all topics, and matched by patterns
 * @param groups what consumer groups may take
 */
public record KafkaOptions(
        String clusterId,
        int nodeId,
        @Nullable Advertised advertised,
        @Nullable Advertised advertisedTls,
        boolean autoCreateTopics,
        int defaultPartitions,
        boolean listViews,
        KafkaLimits limits,
        GroupOptions groups) {

    /** Topics of one partition, and groups as Kafka has them. */
    public KafkaOptions(
            String clusterId,
            int nodeId,
            @Nullable Advertised advertised,
            boolean autoCreateTopics,
            KafkaLimits limits) {
        this(clusterId, nodeId, advertised, null, autoCreateTopics, 1, false, limits, GroupOptions.DEFAULTS);
    }
}
