/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kernel.TopicId;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Topics as Metadata tells of them, in the bytes of each version that was asked for. Kept while the topic is the same and each
 * partition has the owner that it had. Thread-safe: two that make the same bytes at once are both right.
 */
final class TopicAnswers {
    /** Of topics; those that are gone are forgotten with all others when there are more. */
    private static final int TOPICS_MAX = 100_000;

    private final int nodeId;
    private final List<Integer> self;
    private final ConcurrentHashMap<TopicId, Kept> kept = new ConcurrentHashMap<>();

    /** Immutable but for the versions, which are the same whoever puts them. */
    private record Kept(LogTopic topic, int[] epochs, byte[][] versions) {
        boolean isOf(LogTopic asked) {
            if (topic != asked || epochs.length != asked.partitions()) {
                return false;
            }
            for (int i = 0; i < epochs.length; i++) {
                if (epochs[i] != asked.partition(i).epoch()) {
                    return false;
                }
            }
            return true;
        }
    }

    TopicAnswers(int nodeId) {
        this.nodeId = nodeId;
        this.self = List.of(nodeId);
    }

    byte[] of(LogTopic topic, short version) {
        Kept known = kept.get(topic.id());
        if (known == null || !known.isOf(topic)) {
            known = new Kept(topic, epochs(topic), new byte[ApiKeys.METADATA.latestVersion() + 1][]);
            if (kept.size() >= TOPICS_MAX) {
                kept.clear();
            }
            kept.put(topic.id(), known);
        }
        byte[] bytes = known.versions()[version];
        if (bytes == null) {
            bytes = MetadataAnswer.bytes(describe(topic), version);
            known.versions()[version] = bytes;
        }
        return bytes;
    }

    /** For one client, which wants to know what it may do with the topic. */
    byte[] of(LogTopic topic, short version, int operations) {
        return MetadataAnswer.bytes(describe(topic).setTopicAuthorizedOperations(operations), version);
    }

    private static int[] epochs(LogTopic topic) {
        int[] epochs = new int[topic.partitions()];
        for (int i = 0; i < epochs.length; i++) {
            epochs[i] = topic.partition(i).epoch();
        }
        return epochs;
    }

    private MetadataResponseTopic describe(LogTopic topic) {
        MetadataResponseTopic described =
                new MetadataResponseTopic().setName(topic.name()).setTopicId(Topics.id(topic));
        for (int i = 0; i < topic.partitions(); i++) {
            described.partitions().add(describe(i, topic.partition(i)));
        }
        return described;
    }

    private MetadataResponsePartition describe(int index, LogPartition partition) {
        boolean here = partition.problem() == null;
        return new MetadataResponsePartition()
                .setPartitionIndex(index)
                .setErrorCode((here ? Errors.NONE : Errors.LEADER_NOT_AVAILABLE).code())
                .setLeaderId(here ? nodeId : -1)
                .setLeaderEpoch(here ? partition.epoch() : -1)
                .setReplicaNodes(self)
                .setIsrNodes(here ? self : List.of())
                .setOfflineReplicas(here ? List.of() : self);
    }
}
