/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Groups as administrators see them. Immutable. */
final class GroupAdminHandler {
    private final GroupCalls groups;
    private final Topics topics;

    GroupAdminHandler(GroupCalls groups, Topics topics) {
        this.groups = groups;
        this.topics = topics;
    }

    void list(Exchange exchange) {
        ListGroupsRequestData request =
                (ListGroupsRequestData) exchange.request().data();
        groups.call(
                exchange,
                (host, caller) -> host.coordinator()
                        .listGroups(caller, request)
                        .thenApply(answer -> answer.setGroups(answer.groups().stream()
                                .filter(group -> groups.mayUse(exchange, group.groupId()))
                                .toList())));
    }

    void describe(Exchange exchange) {
        DescribeGroupsRequestData request =
                (DescribeGroupsRequestData) exchange.request().data();
        DescribeGroupsResponseData response = new DescribeGroupsResponseData();
        List<String> allowed = new ArrayList<>();
        for (String group : request.groups()) {
            if (groups.mayUse(exchange, group)) {
                allowed.add(group);
            } else {
                response.groups()
                        .add(DescribeGroupsResponse.groupError(
                                group, exchange.denied(Errors.GROUP_AUTHORIZATION_FAILED)));
            }
        }
        groups.call(
                exchange,
                (host, caller) -> host.coordinator()
                        .describeGroups(caller, allowed)
                        .thenApply(described -> {
                            for (DescribeGroupsResponseData.DescribedGroup group : described) {
                                if (request.includeAuthorizedOperations() && group.errorCode() == Errors.NONE.code()) {
                                    group.setAuthorizedOperations(Operations.OF_GROUPS);
                                }
                                response.groups().add(group);
                            }
                            return response;
                        }));
    }

    void describeConsumers(Exchange exchange) {
        ConsumerGroupDescribeRequestData request =
                (ConsumerGroupDescribeRequestData) exchange.request().data();
        ConsumerGroupDescribeResponseData response = new ConsumerGroupDescribeResponseData();
        List<String> allowed = new ArrayList<>();
        for (String group : request.groupIds()) {
            if (groups.mayUse(exchange, group)) {
                allowed.add(group);
            } else {
                response.groups()
                        .add(new DescribedGroup()
                                .setGroupId(group)
                                .setErrorCode(exchange.denied(Errors.GROUP_AUTHORIZATION_FAILED)
                                        .code()));
            }
        }
        groups.call(
                exchange,
                (host, caller) -> host.coordinator()
                        .consumerGroupDescribe(caller, allowed)
                        .thenApply(described -> {
                            for (DescribedGroup group : described) {
                                boolean shown = group.errorCode() != Errors.NONE.code() || maySee(exchange, group);
                                response.groups().add(shown ? group : hidden(exchange, group));
                                if (shown
                                        && request.includeAuthorizedOperations()
                                        && group.errorCode() == Errors.NONE.code()) {
                                    group.setAuthorizedOperations(Operations.OF_GROUPS);
                                }
                            }
                            return response;
                        }));
    }

    /** The names of topics are not to be learned from groups. */
    private boolean maySee(Exchange exchange, DescribedGroup group) {
        return group.members().stream()
                .flatMap(member -> Stream.concat(
                        member.subscribedTopicNames().stream(),
                        Stream.of(member.assignment(), member.targetAssignment())
                                .map(Assignment::topicPartitions)
                                .flatMap(List::stream)
                                .map(ConsumerGroupDescribeResponseData.TopicPartitions::topicName)))
                .distinct()
                .map(name -> topics.find(exchange.client(), name, Uuid.ZERO_UUID))
                .filter(Objects::nonNull)
                .allMatch((LogTopic topic) -> topics.maySee(exchange.client(), topic));
    }

    private static DescribedGroup hidden(Exchange exchange, DescribedGroup group) {
        return new DescribedGroup()
                .setGroupId(group.groupId())
                .setErrorCode(exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED).code())
                .setErrorMessage("The group has described topic(s) that the client is not authorized to describe.");
    }

    void delete(Exchange exchange) {
        DeleteGroupsRequestData request =
                (DeleteGroupsRequestData) exchange.request().data();
        DeleteGroupsResponseData response = new DeleteGroupsResponseData();
        List<String> allowed = new ArrayList<>();
        for (String group : request.groupsNames().stream().distinct().toList()) {
            if (groups.mayUse(exchange, group)) {
                allowed.add(group);
            } else {
                response.results()
                        .add(new DeletableGroupResult()
                                .setGroupId(group)
                                .setErrorCode(exchange.denied(Errors.GROUP_AUTHORIZATION_FAILED)
                                        .code()));
            }
        }
        groups.call(
                exchange,
                (host, caller) -> host.coordinator()
                        .deleteGroups(caller, allowed, BufferSupplier.NO_CACHING)
                        .thenApply(deleted -> {
                            // An element can be in one collection only, and is dropped silently from a second.
                            deleted.forEach(result -> response.results().add(result.duplicate()));
                            return response;
                        }));
    }
}
