/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.protocol.ApiKeys;

/** Groups of KIP-848. Stateless. */
final class ConsumerRequests {
    static final Family CONSUMERS = new Family(
            "consumers",
            160,
            Set.of(ApiKeys.CONSUMER_GROUP_HEARTBEAT, ApiKeys.CONSUMER_GROUP_DESCRIBE),
            ConsumerRequests::consumers);

    private ConsumerRequests() {}

    private static List<Step> consumers(Dice dice) {
        List<Step> steps = new ArrayList<>();
        String group = dice.own("g");
        // Version 0 lets the coordinator choose the member's id.
        short version = dice.version(ApiKeys.CONSUMER_GROUP_HEARTBEAT);
        String member = version == 0 ? Known.shortMember(dice.prefix(), 1) : "one";
        if (dice.chance(0.2)) {
            steps.add(heartbeat(dice, version, group, "nobody", 3));
        }
        steps.add(Step.of(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                version,
                subscribed(group, version == 0 ? "" : member, List.of(Prepared.topic(dice)))));
        int epoch = 1;
        for (int i = 0; i < 2 + dice.below(6); i++) {
            switch (dice.below(8)) {
                case 0, 1 -> steps.add(heartbeat(dice, version, group, member, epoch));
                case 2 -> steps.add(odd(dice, version, group, member, epoch));
                case 3, 4 -> steps.add(describe(dice, group));
                case 5 -> steps.add(GroupRequests.describe(dice, group));
                case 6 -> steps.add(OffsetRequests.commit(dice, group, member, dice.mostly(epoch, epoch + 1, -1, 0)));
                default ->
                    steps.add(dice.one(
                            OffsetRequests.fetch(dice, group),
                            OffsetRequests.delete(dice, group),
                            GroupRequests.deletion(dice, group)));
            }
        }
        steps.add(heartbeat(dice, version, group, member, dice.mostly(-1, -2)));
        steps.add(describe(dice, group));
        return steps;
    }

    private static ConsumerGroupHeartbeatRequestData subscribed(String group, String member, List<String> topics) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(60_000)
                .setSubscribedTopicNames(topics)
                .setTopicPartitions(List.of());
    }

    private static Step heartbeat(Dice dice, short version, String group, String member, int epoch) {
        ConsumerGroupHeartbeatRequestData data = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(epoch);
        if (dice.chance(0.2)) {
            data.setTopicPartitions(List.of(new TopicPartitions()
                    .setTopicId(Known.placeholder(Prepared.topic(dice)))
                    .setPartitions(List.of(0, 1, 2))));
        }
        return Step.of(ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, data);
    }

    /** One that is refused for most of its choices. */
    private static Step odd(Dice dice, short version, String group, String member, int epoch) {
        ConsumerGroupHeartbeatRequestData data = subscribed(
                        dice.mostly(group, ""), dice.mostly(member, "", "nobody"), List.of(dice.missing()))
                .setMemberEpoch(dice.mostly(epoch, 0, -1, -2, -3, epoch + 1, Integer.MAX_VALUE))
                .setInstanceId(dice.mostly(null, "", "static"))
                .setRackId(dice.mostly(null, "", "rack"))
                .setRebalanceTimeoutMs(dice.mostly(60_000, -1, 0, -2))
                .setServerAssignor(dice.mostly(null, "", "range", "uniform", "nonsense"));
        if (dice.chance(0.3)) {
            data.setSubscribedTopicNames(dice.one(null, List.of(), List.of("ready-few", "ready-few")));
        }
        if (dice.chance(0.3)) {
            data.setTopicPartitions(null);
        }
        return Step.of(ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, data);
    }

    private static Step describe(Dice dice, String group) {
        return Step.of(
                ApiKeys.CONSUMER_GROUP_DESCRIBE,
                dice.version(ApiKeys.CONSUMER_GROUP_DESCRIBE),
                new ConsumerGroupDescribeRequestData()
                        .setGroupIds(dice.mostly(List.of(group), List.of(), List.of("", dice.own("none"), group)))
                        .setIncludeAuthorizedOperations(dice.chance(0.3)));
    }
}
