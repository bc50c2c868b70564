/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.Kinds;
import io.robustmq.rpc.meta.AddPartitions;
import io.robustmq.rpc.meta.AllocateIds;
import io.robustmq.rpc.meta.AlterTopic;
import io.robustmq.rpc.meta.ClaimShard;
import io.robustmq.rpc.meta.DeleteTopic;
import io.robustmq.rpc.meta.ExpireNode;
import io.robustmq.rpc.meta.NodeState;
import io.robustmq.rpc.meta.ShardState;
import io.robustmq.rpc.meta.TopicState;
import org.jspecify.annotations.Nullable;

/** The commands with preconditions; the cluster's safety lives here. Confined to the apply thread. */
final class ClusterCommands {
    static final int PARTITIONS_MAX = 10_000;
    static final int IDS_MAX = 1 << 20;

    private final TopicIndex topics;

    ClusterCommands(TopicIndex topics) {
        this.topics = topics;
    }

    static DocKey nodeKey(int id) {
        return new DocKey(Kinds.NODE, "", Integer.toString(id));
    }

    static DocKey topicKey(String tenant, String name) {
        return new DocKey(Kinds.TOPIC, tenant, name);
    }

    static DocKey shardKey(String tenant, TopicId topic, int partition) {
        return new DocKey(Kinds.SHARD, tenant, topic + "-" + partition);
    }

    NodeState registerNode(NodeState proposed, Transactional state) {
        if (proposed.getId() < 1) {
            throw RmqError.INVALID_REQUEST.exception("a node id is 1 or more, not " + proposed.getId());
        }
        NodeState node = proposed.toBuilder().setAlive(true).build();
        if (!node.equals(node(proposed.getId(), state))) {
            state.put(nodeKey(node.getId()), node);
        }
        return node;
    }

    boolean expireNode(ExpireNode expire, Transactional state) {
        NodeState node = node(expire.getNode(), state);
        if (node == null || !node.getAlive() || node.getIncarnation() != expire.getIncarnation()) {
            return false;
        }
        state.put(nodeKey(node.getId()), node.toBuilder().setAlive(false).build());
        return true;
    }

    TopicState createTopic(TopicState topic, Transactional state) {
        TopicId id = TopicIndex.id(topic);
        TopicState sameId = topics.byId(id);
        if (sameId != null && sameId.equals(topic)) {
            return topic;
        }
        Names.checkTopic(topic.getName(), topic.getInternal());
        String tenant = topic.getTenant();
        if (!tenant.equals(Tenants.DEFAULT) && state.stored(new DocKey(Kinds.TENANT, "", tenant)) == null) {
            throw RmqError.NOT_FOUND.exception("there is no tenant '" + tenant + "'");
        }
        if (state.stored(topicKey(tenant, topic.getName())) != null) {
            throw RmqError.TOPIC_EXISTS.exception("topic " + topic.getName() + " exists");
        }
        if (sameId != null) {
            throw RmqError.INVALID_REQUEST.exception("topic id " + id + " belongs to topic " + sameId.getName());
        }
        if (topic.getPartitions() < 1 || topic.getPartitions() > PARTITIONS_MAX) {
            throw RmqError.INVALID_CONFIG.exception(
                    "a topic has 1 to " + PARTITIONS_MAX + " partitions, not " + topic.getPartitions());
        }
        if (topic.getEngine().isEmpty()) {
            throw RmqError.INVALID_CONFIG.exception("a topic names its engine");
        }
        topics.checkBindings(tenant, topic.getBindingsList());
        state.put(topicKey(tenant, topic.getName()), topic);
        return topic;
    }

    TopicState deleteTopic(DeleteTopic delete, Transactional state) {
        TopicId id = new TopicId(delete.getIdMost(), delete.getIdLeast());
        TopicState topic = topics.byId(id);
        if (topic == null
                || !topic.getTenant().equals(delete.getTenant())
                || !topic.getName().equals(delete.getName())) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic " + delete.getName() + " with id " + id);
        }
        state.delete(topicKey(topic.getTenant(), topic.getName()));
        state.store().scan(Kinds.SHARD, DocKey.bytes(topic.getTenant(), id + "-"), shard -> {
            state.delete(shard.key());
            return true;
        });
        return topic;
    }

    TopicState alterTopic(AlterTopic alter, Transactional state) {
        DocKey key = topicKey(alter.getTenant(), alter.getName());
        TopicState topic = topic(new TopicId(alter.getIdMost(), alter.getIdLeast()), key);
        Stored stored = state.stored(key);
        long revision = stored == null ? 0 : stored.revision();
        if (revision != alter.getExpectedRevision()) {
            throw RmqError.REVISION_MISMATCH.exception("topic " + alter.getName() + " has revision "
                    + revision + ", not " + alter.getExpectedRevision()
                    + ": somebody else has altered it");
        }
        TopicState altered = topic.toBuilder()
                .clearConfig()
                .addAllConfig(alter.getConfigList())
                .build();
        if (!altered.equals(topic)) {
            state.put(key, altered);
        }
        return altered;
    }

    /** The shards of new partitions are unowned, as those of a new topic are. */
    TopicState addPartitions(AddPartitions add, Transactional state) {
        DocKey key = topicKey(add.getTenant(), add.getName());
        TopicState topic = topic(new TopicId(add.getIdMost(), add.getIdLeast()), key);
        if (add.getPartitions() <= topic.getPartitions() || add.getPartitions() > PARTITIONS_MAX) {
            throw RmqError.INVALID_CONFIG.exception("topic " + add.getName() + " has " + topic.getPartitions()
                    + " partitions: it can have more, up to " + PARTITIONS_MAX + ", but not " + add.getPartitions());
        }
        TopicState grown = topic.toBuilder().setPartitions(add.getPartitions()).build();
        state.put(key, grown);
        return grown;
    }

    /** Fails with UNKNOWN_TOPIC unless the topic of that id has that name. */
    private TopicState topic(TopicId id, DocKey named) {
        TopicState topic = topics.byId(id);
        if (topic == null || !topicKey(topic.getTenant(), topic.getName()).equals(named)) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic " + named.name() + " with id " + id);
        }
        return topic;
    }

    ShardState claimShard(ClaimShard claim, Transactional state) {
        TopicId id = new TopicId(claim.getTopicMost(), claim.getTopicLeast());
        TopicState topic = topics.byId(id);
        if (topic == null) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic with id " + id);
        }
        if (claim.getPartition() < 0 || claim.getPartition() >= topic.getPartitions()) {
            throw RmqError.INVALID_REQUEST.exception(
                    "topic " + topic.getName() + " has no partition " + claim.getPartition());
        }
        NodeState node = node(claim.getNode(), state);
        if (node == null || !node.getAlive() || node.getIncarnation() != claim.getIncarnation()) {
            throw RmqError.FENCED.exception(
                    "node " + claim.getNode() + " is not registered with incarnation " + claim.getIncarnation());
        }
        DocKey key = shardKey(topic.getTenant(), id, claim.getPartition());
        Stored stored = state.stored(key);
        int epoch = stored == null ? 0 : shard(stored).getEpoch();
        if (epoch != claim.getExpectedEpoch()) {
            throw RmqError.FENCED.exception("shard " + id + "-" + claim.getPartition() + " has epoch " + epoch
                    + ", not " + claim.getExpectedEpoch());
        }
        ShardState claimed = ShardState.newBuilder()
                .setTopicMost(claim.getTopicMost())
                .setTopicLeast(claim.getTopicLeast())
                .setPartition(claim.getPartition())
                .setOwner(claim.getNode())
                .setEpoch(Math.addExact(epoch, 1))
                .build();
        state.put(key, claimed);
        return claimed;
    }

    long allocateIds(AllocateIds allocate, Transactional state) {
        if (allocate.getCount() < 1 || allocate.getCount() > IDS_MAX) {
            throw RmqError.INVALID_REQUEST.exception(
                    "ids are taken 1 to " + IDS_MAX + " at once, not " + allocate.getCount());
        }
        if (allocate.getSequence().isEmpty() || allocate.getSequence().length() > 249) {
            throw RmqError.INVALID_NAME.exception("a sequence's name has 1 to 249 characters");
        }
        return state.allocate(allocate.getSequence(), allocate.getCount());
    }

    private static @Nullable NodeState node(int id, Transactional state) {
        Stored stored = state.stored(nodeKey(id));
        return stored == null ? null : stored.toNode();
    }

    private static ShardState shard(Stored stored) {
        try {
            return ShardState.parseFrom(stored.value());
        } catch (InvalidProtocolBufferException e) {
            throw new StateFailure("a stored shard is damaged", e);
        }
    }
}
