/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** What groups have consumed, without members. Stateless. */
final class OffsetRequests {
    private static final int FIRST_COMMIT_WITH_IDS = 10;
    private static final int FIRST_COMMIT_WITH_INSTANCES = 7;
    private static final int FIRST_FETCH_OF_ALL = 2;
    private static final int FIRST_FETCH_WITH_STABLE = 7;
    private static final int FIRST_FETCH_OF_MANY = 8;
    private static final int FIRST_FETCH_WITH_MEMBERS = 9;
    private static final int FIRST_FETCH_WITH_IDS = 10;

    static final Family OFFSETS = new Family(
            "committed",
            200,
            Set.of(ApiKeys.OFFSET_COMMIT, ApiKeys.OFFSET_FETCH, ApiKeys.OFFSET_DELETE),
            OffsetRequests::offsets);

    private OffsetRequests() {}

    private static List<Step> offsets(Dice dice) {
        List<Step> steps = new ArrayList<>();
        String group = dice.own("g");
        for (int i = 0; i < 3 + dice.below(6); i++) {
            switch (dice.below(8)) {
                case 0, 1, 2 -> steps.add(commit(dice, group, "", -1));
                case 3 -> steps.add(commit(dice, dice.one(group, "", dice.own("h")), dice.one("", "x"), dice.oddInt()));
                case 4, 5, 6 -> steps.add(fetch(dice, group));
                default -> steps.add(delete(dice, dice.mostly(group, "", dice.own("none"))));
            }
        }
        return steps;
    }

    private static String topic(Dice dice) {
        return dice.chance(0.8) ? Prepared.topic(dice) : dice.chance(0.6) ? dice.missing() : dice.oddName();
    }

    private static int partition(Dice dice) {
        return dice.chance(0.85) ? dice.below(Prepared.PARTITIONS) : dice.oddInt();
    }

    static Step commit(Dice dice, String group, String member, int generation) {
        short version = dice.version(ApiKeys.OFFSET_COMMIT);
        OffsetCommitRequestData data = new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(dice.distinct(2, () -> committed(dice, version), each -> each.name() + each.topicId()));
        if (version >= FIRST_COMMIT_WITH_INSTANCES && dice.chance(0.05)) {
            data.setGroupInstanceId("nobody");
        }
        return Step.of(ApiKeys.OFFSET_COMMIT, version, data);
    }

    private static OffsetCommitRequestTopic committed(Dice dice, short version) {
        String name = topic(dice);
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic()
                .setPartitions(dice.distinct(
                        2,
                        () -> new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition(dice))
                                .setCommittedOffset(dice.mostly(17L, dice.oddLong()))
                                .setCommittedLeaderEpoch(dice.mostly(-1, 0, 5, -2))
                                .setCommittedMetadata(
                                        dice.mostly("", null, "words", "x".repeat(4096), "x".repeat(4097))),
                        OffsetCommitRequestPartition::partitionIndex));
        return version < FIRST_COMMIT_WITH_IDS ? topic.setName(name) : topic.setTopicId(Known.placeholder(name));
    }

    static Step fetch(Dice dice, String group) {
        short version = dice.version(ApiKeys.OFFSET_FETCH);
        OffsetFetchRequestData data = new OffsetFetchRequestData();
        if (version < FIRST_FETCH_OF_MANY) {
            data.setGroupId(dice.mostly(group, dice.own("h"), dice.own("none")));
            data.setTopics(
                    version >= FIRST_FETCH_OF_ALL && dice.chance(0.2)
                            ? null
                            : dice.distinct(
                                    2,
                                    () -> new OffsetFetchRequestTopic()
                                            .setName(topic(dice))
                                            .setPartitionIndexes(partitions(dice)),
                                    OffsetFetchRequestTopic::name));
        } else {
            data.setGroups(dice.distinct(2, () -> fetched(dice, version, group), OffsetFetchRequestGroup::groupId));
        }
        return Step.of(
                ApiKeys.OFFSET_FETCH,
                version,
                version >= FIRST_FETCH_WITH_STABLE ? data.setRequireStable(dice.chance(0.3)) : data);
    }

    private static OffsetFetchRequestGroup fetched(Dice dice, short version, String group) {
        OffsetFetchRequestGroup asked = new OffsetFetchRequestGroup()
                .setGroupId(dice.mostly(group, dice.own("h"), dice.own("none")))
                .setTopics(
                        dice.chance(0.2)
                                ? null
                                : dice.distinct(2, () -> fetched(dice, version), each -> each.name() + each.topicId()));
        if (version >= FIRST_FETCH_WITH_MEMBERS) {
            asked.setMemberId(dice.mostly(null, "", "nobody")).setMemberEpoch(dice.mostly(-1, 0, 3));
        }
        return asked;
    }

    private static OffsetFetchRequestTopics fetched(Dice dice, short version) {
        String name = topic(dice);
        OffsetFetchRequestTopics topic = new OffsetFetchRequestTopics().setPartitionIndexes(partitions(dice));
        return version < FIRST_FETCH_WITH_IDS ? topic.setName(name) : topic.setTopicId(Known.placeholder(name));
    }

    private static List<Integer> partitions(Dice dice) {
        return dice.distinct(3, () -> partition(dice), each -> each);
    }

    static Step delete(Dice dice, @Nullable String group) {
        OffsetDeleteRequestData data = new OffsetDeleteRequestData().setGroupId(group);
        List<OffsetDeleteRequestTopic> topics = dice.distinct(
                2,
                () -> new OffsetDeleteRequestTopic()
                        .setName(topic(dice))
                        .setPartitions(dice.distinct(
                                2,
                                () -> new OffsetDeleteRequestPartition().setPartitionIndex(partition(dice)),
                                OffsetDeleteRequestPartition::partitionIndex)),
                OffsetDeleteRequestTopic::name);
        return Step.of(
                ApiKeys.OFFSET_DELETE, 0, data.setTopics(new OffsetDeleteRequestTopicCollection(topics.iterator())));
    }
}
