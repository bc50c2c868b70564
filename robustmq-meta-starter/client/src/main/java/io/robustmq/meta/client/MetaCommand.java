/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import java.util.List;

/** Cluster commands with preconditions, where the cluster's safety lives. Each has the type of its answer. */
public sealed interface MetaCommand<R> {

    /** Makes the node known and alive; a new incarnation replaces an old one. Answers with the registered node. */
    record RegisterNode(NodeInfo node) implements MetaCommand<NodeInfo> {}

    /** Marks a node as gone, when its incarnation is still this one. Proposed by the leader when a lease ends. */
    record ExpireNode(NodeId node, long incarnation) implements MetaCommand<Boolean> {}

    /**
     * Creates a topic with unowned shards. Fails with TOPIC_EXISTS, INVALID_NAME, BINDING_CONFLICT or INVALID_CONFIG.
     * {@code id} is drawn by the proposer, so that applying is deterministic and a repeated proposal is recognised.
     */
    record CreateTopic(
            String tenant,
            String name,
            TopicId id,
            int partitions,
            List<String> bindings,
            String engine,
            boolean internal,
            TopicConfig config,
            long createdMillis)
            implements MetaCommand<TopicInfo> {
        public CreateTopic {
            bindings = List.copyOf(bindings);
        }
    }

    /** Deletes a topic, if it still has that id. Fails with UNKNOWN_TOPIC. */
    record DeleteTopic(String tenant, String name, TopicId id) implements MetaCommand<TopicInfo> {}

    /**
     * Replaces a topic's settings, if it still has that id and revision. Fails with UNKNOWN_TOPIC or REVISION_MISMATCH.
     * Whoever proposes has checked that the settings act on the topic's engine.
     */
    record AlterTopic(String tenant, String name, TopicId id, TopicConfig config, long expectedRevision)
            implements MetaCommand<TopicInfo> {}

    /**
     * Makes a topic have that many partitions, if it still has that id; the new shards are unowned. Fails with UNKNOWN_TOPIC, or
     * with INVALID_CONFIG when that are not more than there are.
     */
    record AddPartitions(String tenant, String name, TopicId id, int partitions) implements MetaCommand<TopicInfo> {}

    /** Makes the node the owner with epoch {@code expectedEpoch + 1}; fails with FENCED when the epoch has moved on. */
    record ClaimShard(ShardId shard, NodeId node, long incarnation, int expectedEpoch)
            implements MetaCommand<ShardInfo> {}

    /** Takes the next {@code count} ids of a named sequence; answers with the first. Ids are never given twice. */
    record AllocateIds(String sequence, int count) implements MetaCommand<Long> {}
}
