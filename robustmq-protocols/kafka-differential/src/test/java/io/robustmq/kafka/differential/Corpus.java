/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.List;

/** All families; a new API brings its own. Stateless. */
final class Corpus {
    static final List<Family> FAMILIES = List.of(
            ClusterRequests.VERSIONS,
            ClusterRequests.CLUSTER,
            ClusterRequests.CONFIGS,
            ClusterRequests.BROKEN,
            TopicRequests.METADATA,
            TopicRequests.CREATE,
            TopicRequests.DELETE,
            RecordRequests.PRODUCE,
            RecordRequests.FETCH,
            RecordRequests.LIST,
            GroupRequests.COORDINATOR,
            GroupRequests.MEMBERS,
            GroupRequests.GROUPS,
            OffsetRequests.OFFSETS,
            ConsumerRequests.CONSUMERS,
            ProducerRequests.INIT,
            ProducerRequests.IDEMPOTENT,
            SettingRequests.SETTINGS,
            PartitionRequests.GROWTH,
            PartitionRequests.DELETIONS,
            PartitionRequests.EPOCHS,
            PartitionRequests.DESCRIPTIONS,
            PartitionRequests.DIRECTORIES);

    private Corpus() {}
}
