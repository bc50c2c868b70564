/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** CreatePartitions, DeleteRecords, OffsetForLeaderEpoch, DescribeTopicPartitions and DescribeLogDirs. Stateless. */
final class PartitionRequests {
    private static final int FIRST_EPOCHS_WITH_REPLICA = 3;

    static final Family GROWTH = new Family(
            "growth", 100, Set.of(ApiKeys.CREATE_TOPICS, ApiKeys.CREATE_PARTITIONS), PartitionRequests::growth);
    static final Family DELETIONS =
            new Family("records", 120, Set.of(ApiKeys.DELETE_RECORDS), PartitionRequests::deletions);
    static final Family EPOCHS =
            new Family("epochs", 100, Set.of(ApiKeys.OFFSET_FOR_LEADER_EPOCH), PartitionRequests::epochs);
    static final Family DESCRIPTIONS =
            new Family("partitions", 120, Set.of(ApiKeys.DESCRIBE_TOPIC_PARTITIONS), PartitionRequests::descriptions);
    static final Family DIRECTORIES =
            new Family("directories", 40, Set.of(ApiKeys.DESCRIBE_LOG_DIRS), PartitionRequests::directories);

    private PartitionRequests() {}

    private static String name(Dice dice, String own) {
        return dice.chance(0.8) ? own : dice.one(dice.missing(), dice.oddName());
    }

    private static List<Step> growth(Dice dice) {
        List<Step> steps = new ArrayList<>();
        String topic = dice.own("a");
        steps.add(TopicRequests.made(topic, 2, Map.of()));
        for (int i = 0; i < 1 + dice.below(3); i++) {
            List<CreatePartitionsTopic> topics = dice.distinct(
                    2,
                    () -> new CreatePartitionsTopic()
                            .setName(name(dice, topic))
                            .setCount(dice.mostly(3, 1, 0, -1, 2, 4, 5))
                            .setAssignments(dice.chance(0.25) ? assignments(dice) : null),
                    CreatePartitionsTopic::name);
            steps.add(Step.of(
                    ApiKeys.CREATE_PARTITIONS,
                    dice.version(ApiKeys.CREATE_PARTITIONS),
                    new CreatePartitionsRequestData()
                            .setTimeoutMs(10_000)
                            .setValidateOnly(dice.chance(0.15))
                            .setTopics(new CreatePartitionsTopicCollection(topics.iterator()))));
        }
        steps.add(TopicRequests.names(12, false, List.of(topic)));
        return steps;
    }

    private static List<CreatePartitionsAssignment> assignments(Dice dice) {
        return dice.some(
                2,
                () -> new CreatePartitionsAssignment()
                        .setBrokerIds(dice.mostly(List.of(1), List.of(), List.of(2), List.of(1, 1), List.of(1, 2))));
    }

    private static List<Step> deletions(Dice dice) {
        List<Step> steps = new ArrayList<>();
        String topic = dice.own("a");
        steps.add(TopicRequests.made(
                topic,
                2,
                dice.mostly(
                        Map.of(), Map.of("cleanup.policy", "compact"), Map.of("cleanup.policy", "compact,delete"))));
        for (int i = 0; i < 3; i++) {
            steps.add(RecordRequests.produce(9, -1, topic, 0, Batches.keyed(dice)));
        }
        for (int i = 0; i < 1 + dice.below(4); i++) {
            steps.add(Step.of(
                    ApiKeys.DELETE_RECORDS,
                    dice.version(ApiKeys.DELETE_RECORDS),
                    new DeleteRecordsRequestData()
                            .setTimeoutMs(10_000)
                            .setTopics(dice.different(2, () -> deletion(dice, topic), DeleteRecordsTopic::name))));
            steps.add(RecordRequests.starts(topic, 2));
            steps.add(RecordRequests.ends(topic, 2));
        }
        return steps;
    }

    private static DeleteRecordsTopic deletion(Dice dice, String topic) {
        return new DeleteRecordsTopic()
                .setName(name(dice, topic))
                .setPartitions(dice.different(
                        2,
                        () -> new DeleteRecordsPartition()
                                .setPartitionIndex(dice.mostly(0, 1, 2, -1))
                                .setOffset(dice.mostly((long) dice.below(5), -1L, -2L, 100L, Long.MAX_VALUE)),
                        DeleteRecordsPartition::partitionIndex));
    }

    private static List<Step> epochs(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            short version = dice.version(ApiKeys.OFFSET_FOR_LEADER_EPOCH);
            List<OffsetForLeaderTopic> topics = dice.distinct(
                    2,
                    () -> new OffsetForLeaderTopic()
                            .setTopic(name(dice, Prepared.topic(dice)))
                            .setPartitions(dice.distinct(3, () -> epoch(dice), OffsetForLeaderPartition::partition)),
                    OffsetForLeaderTopic::topic);
            OffsetForLeaderEpochRequestData data = new OffsetForLeaderEpochRequestData()
                    .setTopics(new OffsetForLeaderTopicCollection(topics.iterator()));
            steps.add(Step.of(
                    ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                    version,
                    version >= FIRST_EPOCHS_WITH_REPLICA ? data.setReplicaId(dice.mostly(-1, -2)) : data));
        }
        return steps;
    }

    private static OffsetForLeaderPartition epoch(Dice dice) {
        return new OffsetForLeaderPartition()
                .setPartition(dice.chance(0.85) ? dice.below(Prepared.PARTITIONS) : dice.oddInt())
                .setCurrentLeaderEpoch(dice.mostly(-1, Known.epoch(0), Known.epoch(1), -2))
                .setLeaderEpoch(dice.mostly(Known.epoch(0), Known.epoch(1), Known.epoch(100), -1));
    }

    private static List<Step> descriptions(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            steps.add(Step.of(
                    ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                    0,
                    new DescribeTopicPartitionsRequestData()
                            .setTopics(topics(dice))
                            .setResponsePartitionLimit(dice.mostly(2000, 1, 2, 4, 0, -1, Integer.MAX_VALUE))
                            .setCursor(dice.chance(0.35) ? cursor(dice) : null)));
        }
        return steps;
    }

    private static List<TopicRequest> topics(Dice dice) {
        List<TopicRequest> topics = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            topics.add(new TopicRequest().setName(name(dice, Prepared.topic(dice))));
        }
        return topics;
    }

    private static @Nullable Cursor cursor(Dice dice) {
        return new Cursor()
                .setTopicName(name(dice, Prepared.topic(dice)))
                .setPartitionIndex(dice.mostly(dice.below(3), -1, 3, 7, Integer.MAX_VALUE));
    }

    private static List<Step> directories(Dice dice) {
        List<DescribableLogDirTopic> topics = dice.distinct(
                2,
                () -> new DescribableLogDirTopic()
                        .setTopic(name(dice, Prepared.topic(dice)))
                        .setPartitions(dice.mostly(List.of(0), List.of(), List.of(1, 2), List.of(9), List.of(-1))),
                DescribableLogDirTopic::topic);
        return List.of(Step.of(
                ApiKeys.DESCRIBE_LOG_DIRS,
                dice.version(ApiKeys.DESCRIBE_LOG_DIRS),
                new DescribeLogDirsRequestData().setTopics(new DescribableLogDirTopicCollection(topics.iterator()))));
    }
}
