/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.GroupPort.Assigned;
import io.robustmq.protocol.GroupPort.GroupDescription;
import io.robustmq.protocol.GroupPort.Member;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** One group, as the coordinator tells of it. Immutable. */
record GroupLook(GroupCoordinator coordinator, String group) {
    /** The node itself asks. */
    static final GroupCaller CALLER = new Node(ApiKeys.DESCRIBE_GROUPS.latestVersion());

    /** Without positions; whichever kind of group it is. */
    CompletionStage<GroupDescription> described() {
        return coordinator.consumerGroupDescribe(CALLER, List.of(group)).thenCompose(found -> {
            ConsumerGroupDescribeResponseData.DescribedGroup first = found.get(0);
            if (first.errorCode() == Errors.GROUP_ID_NOT_FOUND.code()) {
                return classic();
            }
            GroupAdmin.check(first.errorCode(), "group " + group);
            return CompletableFuture.completedFuture(new GroupDescription(
                    group,
                    "consumer",
                    first.groupState(),
                    first.assignorName(),
                    first.members().stream().map(GroupLook::member).toList(),
                    List.of()));
        });
    }

    private CompletableFuture<GroupDescription> classic() {
        return coordinator.describeGroups(CALLER, List.of(group)).thenApply(found -> {
            DescribeGroupsResponseData.DescribedGroup first = found.get(0);
            GroupAdmin.check(first.errorCode(), "group " + group);
            boolean consumers = first.protocolType().equals(ConsumerProtocol.PROTOCOL_TYPE);
            return new GroupDescription(
                    group,
                    "classic",
                    first.groupState(),
                    first.protocolData(),
                    first.members().stream()
                            .map(member -> member(member, consumers))
                            .toList(),
                    List.of());
        });
    }

    private static Member member(ConsumerGroupDescribeResponseData.Member member) {
        return new Member(
                member.memberId(),
                member.instanceId(),
                member.clientId(),
                member.clientHost(),
                sorted(member.assignment().topicPartitions().stream()
                        .flatMap(topic ->
                                topic.partitions().stream().map(index -> new Assigned(topic.topicName(), index)))
                        .toList()));
    }

    private static Member member(DescribeGroupsResponseData.DescribedGroupMember member, boolean consumer) {
        byte[] assignment = member.memberAssignment();
        List<Assigned> assigned = !consumer || assignment.length == 0
                ? List.of()
                : ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment)).partitions().stream()
                        .map(each -> new Assigned(each.topic(), each.partition()))
                        .toList();
        return new Member(
                member.memberId(), member.groupInstanceId(), member.clientId(), member.clientHost(), sorted(assigned));
    }

    private static List<Assigned> sorted(List<Assigned> assigned) {
        return assigned.stream()
                .sorted(Comparator.comparing(Assigned::topic).thenComparing(Assigned::partition))
                .toList();
    }

    /** What the group has committed; of a group that is not there nothing. */
    CompletionStage<Map<Assigned, Long>> committed() {
        OffsetFetchRequestGroup all =
                new OffsetFetchRequestGroup().setGroupId(group).setTopics(null);
        return coordinator.fetchOffsets(CALLER, all, false).thenApply(answer -> {
            if (answer.errorCode() != Errors.GROUP_ID_NOT_FOUND.code()) {
                GroupAdmin.check(answer.errorCode(), "group " + group);
            }
            Map<Assigned, Long> committed = new LinkedHashMap<>();
            answer.topics()
                    .forEach(topic -> topic.partitions().forEach(partition -> {
                        if (partition.committedOffset() >= 0) {
                            committed.put(
                                    new Assigned(topic.name(), partition.partitionIndex()),
                                    partition.committedOffset());
                        }
                    }));
            return committed;
        });
    }

    private record Node(int requestVersion) implements GroupCaller {

        @Override
        public ClientIdentity client() {
            return new ClientIdentity(Tenants.DEFAULT, "kafka", "", null, "127.0.0.1");
        }

        @Override
        public InetAddress clientAddress() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public int requestType() {
            return ApiKeys.DESCRIBE_GROUPS.id;
        }

        @Override
        public String clientId() {
            return "";
        }

        @Override
        public int correlationId() {
            return 0;
        }
    }
}
