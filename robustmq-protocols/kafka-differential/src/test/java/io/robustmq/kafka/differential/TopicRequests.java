/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignmentCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** CreateTopics, DeleteTopics and Metadata. Stateless. */
final class TopicRequests {
    private static final int FIRST_METADATA_WITH_CHOICE = 4;
    private static final int FIRST_METADATA_WITH_NULL_NAMES = 12;
    private static final int FIRST_CREATE_WITH_DEFAULTS = 4;
    private static final int FIRST_DELETE_WITH_IDS = 6;

    static final Family CREATE = new Family("create", 160, Set.of(ApiKeys.CREATE_TOPICS), TopicRequests::creations);
    static final Family DELETE =
            new Family("delete", 80, Set.of(ApiKeys.CREATE_TOPICS, ApiKeys.DELETE_TOPICS), TopicRequests::deletions);
    static final Family METADATA = new Family("metadata", 160, Set.of(ApiKeys.METADATA), TopicRequests::metadata);

    private TopicRequests() {}

    /** Makes a topic whose records stay. */
    static Step made(String name, int partitions, Map<String, String> configs) {
        CreatableTopic topic =
                new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
        topic.configs().add(config("retention.ms", "-1"));
        configs.forEach((key, value) -> topic.configs().add(config(key, value)));
        return create(7, List.of(topic), false);
    }

    private static CreatableTopicConfig config(String name, String value) {
        return new CreatableTopicConfig().setName(name).setValue(value);
    }

    private static Step create(int version, List<CreatableTopic> topics, boolean validateOnly) {
        CreateTopicsRequestData data =
                new CreateTopicsRequestData().setTimeoutMs(10_000).setValidateOnly(validateOnly);
        data.setTopics(new CreatableTopicCollection(topics.iterator()));
        return Step.of(ApiKeys.CREATE_TOPICS, version, data);
    }

    private static List<Step> creations(Dice dice) {
        List<Step> steps = new ArrayList<>();
        int count = 1 + dice.below(3);
        for (int i = 0; i < count; i++) {
            short version = dice.version(ApiKeys.CREATE_TOPICS);
            steps.add(create(
                    version, dice.distinct(3, () -> creation(dice, version), CreatableTopic::name), dice.chance(0.15)));
        }
        steps.add(names(12, false, List.of(dice.own("a"), dice.own("b"), dice.own("c.d"), dice.own("c_d"))));
        return steps;
    }

    private static CreatableTopic creation(Dice dice, short version) {
        boolean assigned = dice.chance(0.1);
        int fewest = version < FIRST_CREATE_WITH_DEFAULTS ? 1 : -1;
        CreatableTopic topic = new CreatableTopic()
                .setName(dice.chance(0.15) ? dice.oddName() : dice.own(dice.one("a", "b", "c.d", "c_d")))
                .setNumPartitions(assigned ? -1 : dice.mostly(1, fewest, 3, 0, -2, Integer.MIN_VALUE))
                .setReplicationFactor((short)
                        (assigned ? -1 : dice.mostly(1, fewest, 2, 0, -2, 32767).intValue()));
        if (assigned || dice.chance(0.03)) {
            topic.setAssignments(assignments(dice));
        }
        if (dice.chance(0.5)) {
            topic.setConfigs(configs(dice));
        }
        return topic;
    }

    private static CreatableReplicaAssignmentCollection assignments(Dice dice) {
        CreatableReplicaAssignmentCollection assignments = new CreatableReplicaAssignmentCollection();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            assignments.add(new CreatableReplicaAssignment()
                    .setPartitionIndex(dice.mostly(i, -1, 0, 7))
                    .setBrokerIds(dice.mostly(List.of(1), List.of(), List.of(2), List.of(1, 1), List.of(1, 2))));
        }
        return assignments;
    }

    private static CreatableTopicConfigCollection configs(Dice dice) {
        CreatableTopicConfigCollection configs = new CreatableTopicConfigCollection();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            String[] chosen = dice.one(ConfigValues.TOPIC);
            configs.add(config(chosen[0], chosen[1 + dice.below(chosen.length - 1)]));
        }
        return configs;
    }

    private static List<Step> deletions(Dice dice) {
        List<Step> steps = new ArrayList<>();
        List<String> own = List.of(dice.own("a"), dice.own("b"));
        own.forEach(name -> steps.add(made(name, 1, Map.of())));
        for (int i = 0; i < 1 + dice.below(3); i++) {
            steps.add(deletion(dice, own));
            if (dice.chance(0.3)) {
                steps.add(made(dice.one(own.get(0), own.get(1)), 1, Map.of()));
            }
        }
        steps.add(names(12, false, own));
        return steps;
    }

    private static Step deletion(Dice dice, List<String> own) {
        short version = dice.version(ApiKeys.DELETE_TOPICS);
        DeleteTopicsRequestData data = new DeleteTopicsRequestData().setTimeoutMs(dice.mostly(10_000, 5_000));
        if (version < FIRST_DELETE_WITH_IDS) {
            data.setTopicNames(dice.distinct(3, () -> someName(dice, own), name -> name));
        } else {
            boolean ids = dice.chance(0.5);
            data.setTopics(dice.distinct(
                    3,
                    () -> ids ? someId(dice, own) : new DeleteTopicState().setName(someName(dice, own)),
                    each -> each));
        }
        return Step.of(ApiKeys.DELETE_TOPICS, version, data);
    }

    private static String someName(Dice dice, List<String> own) {
        return dice.chance(0.7) ? own.get(dice.below(own.size())) : dice.chance(0.5) ? dice.missing() : dice.oddName();
    }

    private static DeleteTopicState someId(Dice dice, List<String> own) {
        return new DeleteTopicState()
                .setName(null)
                .setTopicId(dice.mostly(
                        Known.placeholder(own.get(dice.below(own.size()))),
                        Known.placeholder(dice.missing()),
                        Uuid.ZERO_UUID,
                        Uuid.ONE_UUID));
    }

    static Step names(int version, boolean create, List<String> names) {
        MetadataRequestData data = new MetadataRequestData();
        data.setTopics(names.stream()
                .map(name -> new MetadataRequestTopic().setName(name))
                .toList());
        if (version >= FIRST_METADATA_WITH_CHOICE) {
            data.setAllowAutoTopicCreation(create);
        }
        return Step.of(ApiKeys.METADATA, version, data);
    }

    private static List<Step> metadata(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(4); i++) {
            short version = dice.version(ApiKeys.METADATA);
            if (version < FIRST_METADATA_WITH_NULL_NAMES || dice.chance(0.4)) {
                steps.add(names(version, dice.chance(0.1), dice.distinct(4, () -> asked(dice), name -> name)));
            } else {
                MetadataRequestData data = new MetadataRequestData()
                        .setTopics(dice.distinct(4, () -> mixed(dice), each -> each))
                        .setAllowAutoTopicCreation(dice.chance(0.1))
                        .setIncludeTopicAuthorizedOperations(dice.chance(0.2));
                steps.add(Step.of(ApiKeys.METADATA, version, data));
            }
        }
        return steps;
    }

    private static String asked(Dice dice) {
        return dice.chance(0.6) ? Prepared.topic(dice) : dice.chance(0.5) ? dice.missing() : dice.oddName();
    }

    private static MetadataRequestTopic mixed(Dice dice) {
        if (dice.chance(0.3)) {
            return new MetadataRequestTopic().setName(asked(dice));
        }
        return new MetadataRequestTopic()
                .setName(null)
                .setTopicId(dice.mostly(
                        Known.placeholder(Prepared.topic(dice)), Known.placeholder(dice.missing()), Uuid.ONE_UUID));
    }
}
