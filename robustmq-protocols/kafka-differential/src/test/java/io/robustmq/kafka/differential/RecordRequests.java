/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Produce, Fetch and ListOffsets. Stateless. */
final class RecordRequests {
    private static final int FIRST_PRODUCE_WITH_IDS = 13;
    private static final int FIRST_FETCH_WITH_IDS = 13;
    private static final int FIRST_FETCH_WITH_SESSIONS = 7;
    private static final int FIRST_FETCH_WITH_EPOCHS = 9;
    private static final int FIRST_LIST_WITH_ISOLATION = 2;
    private static final int FIRST_LIST_WITH_EPOCHS = 4;
    private static final int FIRST_LIST_WITH_TIMEOUT = 10;

    static final Family PRODUCE = new Family(
            "produce", 420, Set.of(ApiKeys.CREATE_TOPICS, ApiKeys.PRODUCE, ApiKeys.FETCH), RecordRequests::productions);
    static final Family FETCH = new Family("fetch", 220, Set.of(ApiKeys.FETCH), RecordRequests::fetches);
    static final Family LIST = new Family("offsets", 160, Set.of(ApiKeys.LIST_OFFSETS), RecordRequests::searches);

    private RecordRequests() {}

    static Step produce(int version, int acks, String topic, int partition, MemoryRecords records) {
        return produce(
                version,
                acks,
                List.of(production(
                        version,
                        topic,
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(records)))));
    }

    private static TopicProduceData production(int version, String topic, List<PartitionProduceData> partitions) {
        TopicProduceData data = new TopicProduceData().setPartitionData(partitions);
        return version < FIRST_PRODUCE_WITH_IDS ? data.setName(topic) : data.setTopicId(id(topic));
    }

    private static Uuid id(String topic) {
        return topic.isEmpty() ? Uuid.ZERO_UUID : Known.placeholder(topic);
    }

    private static Step produce(int version, int acks, List<TopicProduceData> topics) {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) acks).setTimeoutMs(10_000);
        data.setTopicData(new TopicProduceDataCollection(topics.iterator()));
        return Step.of(ApiKeys.PRODUCE, version, data);
    }

    private static List<Step> productions(Dice dice) {
        List<Step> steps = new ArrayList<>();
        String own = dice.own("a");
        int partitions = 1 + dice.below(2);
        steps.add(TopicRequests.made(own, partitions, topicSettings(dice)));
        for (int i = 0; i < 2 + dice.below(5); i++) {
            steps.add(production(dice, own, partitions));
        }
        List<FetchPartition> all = new ArrayList<>();
        List<ListOffsetsPartition> ends = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            all.add(new FetchPartition().setPartition(i).setPartitionMaxBytes(1 << 20));
            ends.add(new ListOffsetsPartition().setPartitionIndex(i).setTimestamp(-1));
        }
        steps.add(fetch(
                12,
                new FetchRequestData()
                        .setTopics(List.of(new FetchTopic().setTopic(own).setPartitions(all)))));
        steps.add(list(
                6,
                new ListOffsetsRequestData()
                        .setTopics(List.of(new ListOffsetsTopic().setName(own).setPartitions(ends)))));
        return steps;
    }

    /** Kafka begins a segment when times of records are far apart, and a fetch ends with one: so none begins for that. */
    private static Map<String, String> topicSettings(Dice dice) {
        Map<String, String> settings = new TreeMap<>(dice.mostly(
                Map.of(),
                Map.of("cleanup.policy", "compact"),
                Map.of("max.message.bytes", "200"),
                Map.of("message.timestamp.type", "LogAppendTime"),
                Map.of("message.timestamp.before.max.ms", "100000"),
                Map.of("compression.type", "lz4")));
        settings.put("segment.ms", Long.toString(Long.MAX_VALUE));
        return settings;
    }

    private static Step production(Dice dice, String own, int partitions) {
        short version = dice.version(ApiKeys.PRODUCE);
        int acks = dice.mostly(-1, 1, 0, 2, -2);
        List<String> names = new ArrayList<>(List.of(own));
        if (dice.chance(0.15)) {
            names.add(dice.chance(0.7) ? dice.missing() : dice.oddName());
        }
        List<TopicProduceData> topics = new ArrayList<>();
        for (String name : dice.chance(0.03) ? List.<String>of() : dice.shuffled(names)) {
            topics.add(production(version, name, productions(dice, partitions)));
        }
        return produce(version, acks, topics);
    }

    private static List<PartitionProduceData> productions(Dice dice, int partitions) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            indexes.add(i);
        }
        if (dice.chance(0.1)) {
            indexes.add(dice.oddInt());
        }
        if (dice.chance(0.05)) {
            indexes.clear();
        }
        return dice.shuffled(indexes).stream()
                .distinct()
                .map(index -> new PartitionProduceData()
                        .setIndex(index)
                        .setRecords(dice.chance(0.65) ? Batches.valid(dice) : Batches.odd(dice)))
                .toList();
    }

    static Step fetch(int version, FetchRequestData data) {
        return Step.of(ApiKeys.FETCH, version, data);
    }

    private static List<Step> fetches(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(4); i++) {
            short version = dice.version(ApiKeys.FETCH);
            FetchRequestData data = new FetchRequestData()
                    .setMaxWaitMs(dice.mostly(0, 5, -1))
                    .setMinBytes(dice.mostly(1, 0, -1, 1000, Integer.MAX_VALUE))
                    .setIsolationLevel(isolation(dice))
                    .setMaxBytes(dice.mostly(1 << 20, 0, 1, Integer.MAX_VALUE))
                    .setTopics(
                            dice.different(3, () -> fetchTopic(dice, version), each -> each.topic() + each.topicId()));
            if (version >= FIRST_FETCH_WITH_SESSIONS && dice.chance(0.15)) {
                data.setSessionId(dice.mostly(0, 5, -1)).setSessionEpoch(dice.mostly(-1, 0, 1, -2));
            }
            if (version >= FIRST_FETCH_WITH_SESSIONS && version < FIRST_FETCH_WITH_IDS && dice.chance(0.05)) {
                data.setForgottenTopicsData(List.of(
                        new ForgottenTopic().setTopic(Prepared.topic(dice)).setPartitions(List.of(0, 9))));
            }
            steps.add(fetch(version, data));
        }
        return steps;
    }

    private static FetchTopic fetchTopic(Dice dice, short version) {
        String name = someTopic(dice);
        FetchTopic topic = new FetchTopic()
                .setPartitions(dice.different(3, () -> fetchPartition(dice, version), FetchPartition::partition));
        return version < FIRST_FETCH_WITH_IDS ? topic.setTopic(name) : topic.setTopicId(id(name));
    }

    private static String someTopic(Dice dice) {
        return dice.chance(0.85) ? Prepared.topic(dice) : dice.chance(0.5) ? dice.missing() : dice.oddName();
    }

    private static FetchPartition fetchPartition(Dice dice, short version) {
        FetchPartition partition = new FetchPartition()
                .setPartition(dice.chance(0.9) ? dice.below(Prepared.PARTITIONS) : dice.oddInt())
                .setFetchOffset(dice.chance(0.8) ? dice.below(45) : dice.oddLong())
                .setPartitionMaxBytes(dice.mostly(1 << 20, 0, 1, 200, 1000, Integer.MAX_VALUE));
        if (version >= FIRST_FETCH_WITH_EPOCHS) {
            partition.setCurrentLeaderEpoch(epoch(dice));
        }
        return version >= 12
                ? partition.setLastFetchedEpoch(dice.mostly(-1, Known.epoch(0), Known.epoch(5)))
                : partition;
    }

    private static byte isolation(Dice dice) {
        return (byte) (dice.chance(0.02) ? dice.one(2, -1) : dice.below(2));
    }

    private static int epoch(Dice dice) {
        return dice.mostly(-1, Known.epoch(0), Known.epoch(1), Known.epoch(100), -2);
    }

    private static Step list(int version, ListOffsetsRequestData data) {
        return Step.of(ApiKeys.LIST_OFFSETS, version, data);
    }

    /** Where the partitions of a topic end. */
    static Step ends(String topic, int partitions) {
        return offsets(topic, partitions, -1);
    }

    private static Step offsets(String topic, int partitions, long time) {
        ListOffsetsTopic asked = new ListOffsetsTopic().setName(topic);
        for (int i = 0; i < partitions; i++) {
            asked.partitions()
                    .add(new ListOffsetsPartition().setPartitionIndex(i).setTimestamp(time));
        }
        return list(6, new ListOffsetsRequestData().setReplicaId(-1).setTopics(List.of(asked)));
    }

    /** Where they begin. */
    static Step starts(String topic, int partitions) {
        return offsets(topic, partitions, -2);
    }

    private static List<Step> searches(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(4); i++) {
            short version = dice.version(ApiKeys.LIST_OFFSETS);
            ListOffsetsRequestData data = new ListOffsetsRequestData()
                    .setReplicaId(dice.mostly(-1, -2, 0, 5))
                    .setTopics(dice.distinct(3, () -> searched(dice, version), ListOffsetsTopic::name));
            if (version >= FIRST_LIST_WITH_ISOLATION) {
                data.setIsolationLevel((byte) dice.below(2));
            }
            if (version >= FIRST_LIST_WITH_TIMEOUT) {
                data.setTimeoutMs(dice.mostly(1000, 0, -1));
            }
            steps.add(list(version, data));
        }
        return steps;
    }

    private static ListOffsetsTopic searched(Dice dice, short version) {
        return new ListOffsetsTopic()
                .setName(someTopic(dice))
                .setPartitions(dice.distinct(3, () -> search(dice, version), ListOffsetsPartition::partitionIndex));
    }

    private static ListOffsetsPartition search(Dice dice, short version) {
        ListOffsetsPartition partition = new ListOffsetsPartition()
                .setPartitionIndex(dice.chance(0.9) ? dice.below(Prepared.PARTITIONS) : dice.oddInt())
                .setTimestamp(
                        dice.chance(0.5)
                                ? dice.one(-1L, -2L, -3L, -4L, -5L, -6L, -7L, -100L, Long.MIN_VALUE, Long.MAX_VALUE)
                                : Batches.TIME + dice.below(11_000));
        return version >= FIRST_LIST_WITH_EPOCHS ? partition.setCurrentLeaderEpoch(epoch(dice)) : partition;
    }
}
