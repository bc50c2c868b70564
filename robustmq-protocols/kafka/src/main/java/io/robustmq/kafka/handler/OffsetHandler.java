/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.group.GroupCaller;
import io.robustmq.kafka.group.GroupHost;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;

/** What groups have consumed: topics by name or id, and whether they are there, is decided here. Immutable. */
final class OffsetHandler {
    private final GroupCalls groups;
    private final Topics topics;

    OffsetHandler(GroupCalls groups, Topics topics) {
        this.groups = groups;
        this.topics = topics;
    }

    void commit(Exchange exchange) {
        OffsetCommitRequestData request =
                (OffsetCommitRequestData) exchange.request().data();
        if (!groups.mayUse(exchange, request.groupId())) {
            exchange.fail(exchange.denied(Errors.GROUP_AUTHORIZATION_FAILED).exception());
            return;
        }
        OffsetCommitResponse.Builder response =
                OffsetCommitResponse.newBuilder(OffsetCommitResponse.useTopicIds(exchange.version()));
        List<OffsetCommitRequestTopic> valid = new ArrayList<>();
        List<LogTopic> named = new ArrayList<>();
        for (OffsetCommitRequestTopic asked : request.topics()) {
            LogTopic topic = topics.find(exchange.client(), asked.name(), asked.topicId());
            Errors problem = problem(exchange, topic, asked.topicId());
            if (topic == null || problem != null) {
                response.addPartitions(
                        asked.topicId(),
                        asked.name(),
                        asked.partitions(),
                        OffsetCommitRequestData.OffsetCommitRequestPartition::partitionIndex,
                        problem);
            } else {
                named.add(topic);
                check(asked, topic, response, valid);
            }
        }
        if (valid.isEmpty()) {
            exchange.reply(response.build().data());
            return;
        }
        OffsetCommitRequestData checked = request.duplicate().setTopics(valid);
        // The coordinator forgets the offsets of a topic with it only if it has known the topic.
        groups.call(
                exchange,
                (host, caller) -> host.shown(named)
                        .thenCompose(
                                shown -> host.coordinator().commitOffsets(caller, checked, BufferSupplier.NO_CACHING))
                        .thenApply(answer -> response.merge(answer).build().data()));
    }

    private static void check(
            OffsetCommitRequestTopic asked,
            LogTopic topic,
            OffsetCommitResponse.Builder response,
            List<OffsetCommitRequestTopic> valid) {
        OffsetCommitRequestTopic kept =
                new OffsetCommitRequestTopic().setTopicId(asked.topicId()).setName(topic.name());
        asked.partitions().forEach(partition -> {
            if (isThere(topic, partition.partitionIndex())) {
                kept.partitions().add(partition);
            } else {
                response.addPartition(
                        asked.topicId(), topic.name(), partition.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        });
        if (!kept.partitions().isEmpty()) {
            valid.add(kept);
        }
    }

    void fetch(Exchange exchange) {
        OffsetFetchRequest request = (OffsetFetchRequest) exchange.request().body();
        groups.call(exchange, (host, caller) -> {
            List<CompletableFuture<OffsetFetchResponseGroup>> answers = request.groups().stream()
                    .map(group -> fetch(exchange, host, caller, group, request.requireStable()))
                    .toList();
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .thenApply(done -> new OffsetFetchResponse.Builder(answers.stream()
                                    .map(CompletableFuture::join)
                                    .toList())
                            .build(exchange.version())
                            .data());
        });
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(
            Exchange exchange, GroupHost host, GroupCaller caller, OffsetFetchRequestGroup group, boolean stable) {
        if (!groups.mayUse(exchange, group.groupId())) {
            return CompletableFuture.completedFuture(OffsetFetchResponse.groupError(
                    group, exchange.denied(Errors.GROUP_AUTHORIZATION_FAILED), exchange.version()));
        }
        List<OffsetFetchResponseTopics> refused = new ArrayList<>();
        OffsetFetchRequestGroup resolved = group.topics() == null ? group : resolve(exchange, group, refused);
        return host.coordinator().fetchOffsets(caller, resolved, stable).handle((answer, failure) -> {
            if (failure != null) {
                return OffsetFetchResponse.groupError(group, GroupCalls.error(failure), exchange.version());
            }
            if (group.topics() == null) {
                answer.setTopics(readable(exchange, answer.topics()));
            } else if (!refused.isEmpty() && answer.errorCode() == Errors.NONE.code()) {
                List<OffsetFetchResponseTopics> all = new ArrayList<>(answer.topics());
                all.addAll(refused);
                answer.setTopics(all);
            }
            return answer;
        });
    }

    /** Offsets of a topic that is gone are not asked about by name: they may still be there for a moment. */
    private OffsetFetchRequestGroup resolve(
            Exchange exchange, OffsetFetchRequestGroup group, List<OffsetFetchResponseTopics> refused) {
        List<OffsetFetchRequestTopics> known = new ArrayList<>();
        for (OffsetFetchRequestTopics asked : group.topics()) {
            LogTopic topic = topics.find(exchange.client(), asked.name(), asked.topicId());
            boolean byId = !Uuid.ZERO_UUID.equals(asked.topicId());
            Errors problem = topic == null
                    ? byId ? Errors.UNKNOWN_TOPIC_ID : null
                    : topics.mayRead(exchange.client(), topic)
                            ? null
                            : exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED);
            if (problem != null) {
                refused.add(refusal(asked, problem));
            } else {
                known.add(asked.duplicate().setName(topic == null ? asked.name() : topic.name()));
            }
        }
        return group.duplicate().setTopics(known);
    }

    private static OffsetFetchResponseTopics refusal(OffsetFetchRequestTopics asked, Errors problem) {
        return new OffsetFetchResponseTopics()
                .setName(asked.name())
                .setTopicId(asked.topicId())
                .setPartitions(asked.partitionIndexes().stream()
                        .map(index -> new OffsetFetchResponsePartitions()
                                .setPartitionIndex(index)
                                .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                                .setCommittedLeaderEpoch(-1)
                                .setMetadata(OffsetFetchResponse.NO_METADATA)
                                .setErrorCode(problem.code()))
                        .toList());
    }

    /** Of all topics that a group has offsets of, those that the client may know, with what the version calls them by. */
    private List<OffsetFetchResponseTopics> readable(Exchange exchange, List<OffsetFetchResponseTopics> all) {
        boolean byId = OffsetFetchRequest.useTopicIds(exchange.version());
        List<OffsetFetchResponseTopics> readable = new ArrayList<>();
        for (OffsetFetchResponseTopics each : all) {
            LogTopic topic = topics.find(exchange.client(), each.name(), Uuid.ZERO_UUID);
            if (topic == null ? !byId : topics.mayRead(exchange.client(), topic)) {
                readable.add(topic == null ? each : each.setTopicId(Topics.id(topic)));
            }
        }
        return readable;
    }

    void delete(Exchange exchange) {
        OffsetDeleteRequestData request =
                (OffsetDeleteRequestData) exchange.request().data();
        if (!groups.mayUse(exchange, request.groupId())) {
            exchange.fail(exchange.denied(Errors.GROUP_AUTHORIZATION_FAILED).exception());
            return;
        }
        OffsetDeleteResponse.Builder response = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection valid = new OffsetDeleteRequestTopicCollection();
        for (OffsetDeleteRequestTopic asked : request.topics()) {
            LogTopic topic = topics.find(exchange.client(), asked.name(), Uuid.ZERO_UUID);
            Errors problem = problem(exchange, topic, Uuid.ZERO_UUID);
            if (topic == null || problem != null) {
                response.addPartitions(
                        asked.name(),
                        asked.partitions(),
                        OffsetDeleteRequestData.OffsetDeleteRequestPartition::partitionIndex,
                        problem);
            } else {
                check(asked, topic, response, valid);
            }
        }
        OffsetDeleteRequestData checked =
                new OffsetDeleteRequestData().setGroupId(request.groupId()).setTopics(valid);
        groups.call(
                exchange,
                (host, caller) -> host.coordinator()
                        .deleteOffsets(caller, checked, BufferSupplier.NO_CACHING)
                        .thenApply(answer -> response.merge(answer).build().data()));
    }

    private static void check(
            OffsetDeleteRequestTopic asked,
            LogTopic topic,
            OffsetDeleteResponse.Builder response,
            OffsetDeleteRequestTopicCollection valid) {
        OffsetDeleteRequestTopic kept = new OffsetDeleteRequestTopic().setName(asked.name());
        asked.partitions().forEach(partition -> {
            if (isThere(topic, partition.partitionIndex())) {
                kept.partitions().add(partition);
            } else {
                response.addPartition(asked.name(), partition.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        });
        if (!kept.partitions().isEmpty()) {
            valid.add(kept);
        }
    }

    private @Nullable Errors problem(Exchange exchange, @Nullable LogTopic topic, Uuid id) {
        if (topic == null) {
            return Topics.unknown(id);
        }
        return topics.mayRead(exchange.client(), topic) ? null : exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    private static boolean isThere(LogTopic topic, int partition) {
        return partition >= 0 && partition < topic.partitions();
    }
}
