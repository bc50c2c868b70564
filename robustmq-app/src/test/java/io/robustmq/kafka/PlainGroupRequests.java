/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A small request of each group API, with what its version has room for. Stateless. */
final class PlainGroupRequests {
    private static final String GROUP = "plain";
    private static final String NOBODY = "nobody";

    private PlainGroupRequests() {}

    static ApiMessage of(ApiKeys api, short version, String topic, Uuid id) {
        return switch (api) {
            case FIND_COORDINATOR ->
                version < 4
                        ? new FindCoordinatorRequestData().setKey(GROUP)
                        : new FindCoordinatorRequestData().setCoordinatorKeys(List.of(GROUP, NOBODY));
            case JOIN_GROUP -> join(GROUP + version, new byte[] {0, 1, 0, 0, 0, 0, -1, -1, -1, -1});
            case SYNC_GROUP ->
                new SyncGroupRequestData().setGroupId(GROUP).setMemberId(NOBODY).setGenerationId(1);
            case HEARTBEAT ->
                new HeartbeatRequestData().setGroupId(GROUP).setMemberId(NOBODY).setGenerationId(1);
            case LEAVE_GROUP ->
                version < 3
                        ? new LeaveGroupRequestData().setGroupId(GROUP).setMemberId(NOBODY)
                        : new LeaveGroupRequestData()
                                .setGroupId(GROUP)
                                .setMembers(List.of(new MemberIdentity().setMemberId(NOBODY)));
            case CONSUMER_GROUP_HEARTBEAT ->
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId("young" + version)
                        .setMemberId("member")
                        .setMemberEpoch(0)
                        .setRebalanceTimeoutMs(1000)
                        .setSubscribedTopicNames(List.of(topic))
                        .setTopicPartitions(List.of());
            case CONSUMER_GROUP_DESCRIBE -> new ConsumerGroupDescribeRequestData().setGroupIds(List.of("young0"));
            case DESCRIBE_GROUPS -> new DescribeGroupsRequestData().setGroups(List.of(GROUP + "0", NOBODY));
            case LIST_GROUPS -> new ListGroupsRequestData();
            case DELETE_GROUPS -> new DeleteGroupsRequestData().setGroupsNames(List.of(NOBODY));
            default -> offsets(api, version, topic, id);
        };
    }

    static JoinGroupRequestData join(String group, byte[] metadata) {
        return new JoinGroupRequestData()
                .setGroupId(group)
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000)
                .setProtocolType("consumer")
                .setProtocols(new JoinGroupRequestProtocolCollection(
                        List.of(new JoinGroupRequestProtocol().setName("range").setMetadata(metadata))
                                .iterator()));
    }

    private static ApiMessage offsets(ApiKeys api, short version, String topic, Uuid id) {
        String name = version < 10 ? topic : "";
        Uuid topicId = version < 10 ? Uuid.ZERO_UUID : id;
        return switch (api) {
            case OFFSET_COMMIT ->
                new OffsetCommitRequestData()
                        .setGroupId("committed")
                        .setTopics(List.of(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                                .setName(name)
                                .setTopicId(topicId)
                                .setPartitions(List.of(
                                        new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                                .setCommittedOffset(1),
                                        new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                                .setPartitionIndex(99)))));
            case OFFSET_FETCH ->
                version < 8
                        ? new OffsetFetchRequestData()
                                .setGroupId("committed")
                                .setTopics(List.of(new OffsetFetchRequestData.OffsetFetchRequestTopic()
                                        .setName(topic)
                                        .setPartitionIndexes(List.of(0))))
                        : new OffsetFetchRequestData()
                                .setGroups(List.of(
                                        new OffsetFetchRequestData.OffsetFetchRequestGroup()
                                                .setGroupId("committed")
                                                .setTopics(List.of(new OffsetFetchRequestData.OffsetFetchRequestTopics()
                                                        .setName(name)
                                                        .setTopicId(topicId)
                                                        .setPartitionIndexes(List.of(0)))),
                                        new OffsetFetchRequestData.OffsetFetchRequestGroup()
                                                .setGroupId(NOBODY)
                                                .setTopics(null)));
            case OFFSET_DELETE ->
                new OffsetDeleteRequestData()
                        .setGroupId("committed")
                        .setTopics(new OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection(
                                List.of(new OffsetDeleteRequestData.OffsetDeleteRequestTopic()
                                                .setName(topic)
                                                .setPartitions(List.of(
                                                        new OffsetDeleteRequestData.OffsetDeleteRequestPartition())))
                                        .iterator()));
            default -> throw new IllegalArgumentException(api.name());
        };
    }
}
