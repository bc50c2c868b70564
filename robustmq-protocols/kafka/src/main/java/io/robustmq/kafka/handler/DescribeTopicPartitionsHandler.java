/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Topics and their partitions by name, so many at a time, from where the last answer has ended. Immutable. */
final class DescribeTopicPartitionsHandler {
    /** Kafka's max.request.partition.size.limit. */
    private static final int PARTITIONS_MAX = 2000;

    private final KafkaServices services;
    private final Topics topics;
    private final ViewSearch views;

    DescribeTopicPartitionsHandler(KafkaServices services, Topics topics, ViewSearch views) {
        this.services = services;
        this.topics = topics;
        this.views = views;
    }

    void handle(Exchange exchange) {
        DescribeTopicPartitionsRequestData request =
                (DescribeTopicPartitionsRequestData) exchange.request().data();
        DescribeTopicPartitionsRequestData.Cursor cursor = request.cursor();
        if (cursor != null && cursor.partitionIndex() < 0) {
            exchange.fail(Errors.INVALID_REQUEST.exception("a cursor names a partition from 0 on"));
            return;
        }
        TreeSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) {
            views.list(exchange, listed -> {
                topics.all(exchange.client()).forEach(topic -> names.add(topic.name()));
                listed.forEach(view -> names.add(view.name()));
                look(exchange, request, names, true);
            });
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
            look(exchange, request, names, false);
        }
    }

    private void look(
            Exchange exchange, DescribeTopicPartitionsRequestData request, TreeSet<String> names, boolean all) {
        DescribeTopicPartitionsRequestData.Cursor cursor = request.cursor();
        if (cursor != null && !all && !names.contains(cursor.topicName())) {
            exchange.fail(Errors.INVALID_REQUEST.exception("a cursor names a topic that is asked about"));
            return;
        }
        if (cursor != null) {
            names.headSet(cursor.topicName()).clear();
        }
        views.look(exchange, all ? List.of() : names, unknown -> answer(exchange, request, names, all, unknown));
    }

    private void answer(
            Exchange exchange,
            DescribeTopicPartitionsRequestData request,
            TreeSet<String> names,
            boolean all,
            Set<String> unknown) {
        DescribeTopicPartitionsRequestData.Cursor cursor = request.cursor();
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        int room = Math.max(1, Math.min(PARTITIONS_MAX, request.responsePartitionLimit()));
        for (String name : names) {
            if (room == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
                break;
            }
            LogTopic topic = topics.find(exchange.client(), name, Uuid.ZERO_UUID);
            if (topic == null || !topics.maySee(exchange.client(), topic)) {
                if (!all) {
                    boolean hidden = topic != null || !topics.maySee(exchange.client(), name);
                    response.topics().add(absent(exchange, name, hidden, unknown.contains(name)));
                }
                continue;
            }
            int from = cursor != null && cursor.topicName().equals(name) ? cursor.partitionIndex() : 0;
            int to = Math.min(topic.partitions(), from + room);
            response.topics()
                    .add(describe(topic, from, to)
                            .setTopicAuthorizedOperations(topics.operations(exchange.client(), topic)));
            room -= Math.max(0, to - from);
            if (to < topic.partitions()) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(to));
                break;
            }
        }
        exchange.reply(response);
    }

    private static DescribeTopicPartitionsResponseTopic absent(
            Exchange exchange, String name, boolean hidden, boolean unknown) {
        Errors error = hidden
                ? exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED)
                : unknown ? Errors.LEADER_NOT_AVAILABLE : Topics.unknown(name);
        return new DescribeTopicPartitionsResponseTopic().setName(name).setErrorCode(error.code());
    }

    private DescribeTopicPartitionsResponseTopic describe(LogTopic topic, int from, int to) {
        DescribeTopicPartitionsResponseTopic described =
                new DescribeTopicPartitionsResponseTopic().setName(topic.name()).setTopicId(Topics.id(topic));
        List<Integer> replicas = List.of(services.options().nodeId());
        for (int i = from; i < to; i++) {
            LogPartition partition = topic.partition(i);
            boolean here = partition.problem() == null;
            described
                    .partitions()
                    .add(new DescribeTopicPartitionsResponsePartition()
                            .setPartitionIndex(i)
                            .setErrorCode((here ? Errors.NONE : Errors.LEADER_NOT_AVAILABLE).code())
                            .setLeaderId(here ? services.options().nodeId() : -1)
                            .setLeaderEpoch(here ? partition.epoch() : -1)
                            .setReplicaNodes(replicas)
                            .setIsrNodes(here ? replicas : List.of())
                            .setEligibleLeaderReplicas(List.of())
                            .setLastKnownElr(List.of())
                            .setOfflineReplicas(here ? List.of() : replicas));
        }
        return described;
    }
}
