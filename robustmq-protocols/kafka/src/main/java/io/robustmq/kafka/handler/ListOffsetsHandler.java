/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/** Where a partition begins and ends, and where it was at some time. Nothing is tiered, so all of it is local. Immutable. */
final class ListOffsetsHandler {
    private static final int FIRST_VERSION_WITH_EPOCHS = 4;

    /** The versions from which on times of special meaning may be asked for. */
    private static final Map<Long, Integer> FIRST_VERSIONS = Map.of(
            ListOffsetsRequest.EARLIEST_TIMESTAMP,
            1,
            ListOffsetsRequest.LATEST_TIMESTAMP,
            1,
            ListOffsetsRequest.MAX_TIMESTAMP,
            7,
            ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP,
            8,
            ListOffsetsRequest.LATEST_TIERED_TIMESTAMP,
            9,
            ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP,
            11);

    private final Topics topics;

    ListOffsetsHandler(Topics topics) {
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        ListOffsetsRequestData request =
                (ListOffsetsRequestData) exchange.request().data();
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        List<CompletableFuture<?>> searches = new ArrayList<>();
        Set<TopicPartition> twice = twice(request);
        Set<TopicPartition> told = new HashSet<>();
        for (ListOffsetsTopic asked : request.topics()) {
            if (asked.partitions().isEmpty()) {
                continue;
            }
            LogTopic topic = topics.find(exchange.client(), asked.name(), Uuid.ZERO_UUID);
            ListOffsetsTopicResponse answer = new ListOffsetsTopicResponse().setName(asked.name());
            response.topics().add(answer);
            for (ListOffsetsPartition partition : asked.partitions()) {
                TopicPartition name = new TopicPartition(asked.name(), partition.partitionIndex());
                if (twice.contains(name) && !told.add(name)) {
                    continue;
                }
                ListOffsetsPartitionResponse result =
                        new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
                answer.partitions().add(result);
                Errors problem = twice.contains(name) ? Errors.INVALID_REQUEST : problem(exchange, topic, partition);
                if (problem == null && topic != null) {
                    find(topic.partition(partition.partitionIndex()), partition.timestamp(), result, searches);
                } else if (problem != null) {
                    fail(result, problem);
                }
            }
        }
        if (searches.isEmpty()) {
            reply(exchange, response);
        } else {
            CompletableFuture.allOf(searches.toArray(CompletableFuture[]::new))
                    .whenComplete((found, failure) -> reply(exchange, response));
        }
    }

    private static Set<TopicPartition> twice(ListOffsetsRequestData request) {
        Set<TopicPartition> once = new HashSet<>();
        Set<TopicPartition> twice = new HashSet<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition partition : topic.partitions()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.partitionIndex());
                if (!once.add(name)) {
                    twice.add(name);
                }
            }
        }
        return twice;
    }

    private static void reply(Exchange exchange, ListOffsetsResponseData response) {
        if (exchange.version() < FIRST_VERSION_WITH_EPOCHS) {
            response.topics().forEach(topic -> topic.partitions().forEach(each -> each.setLeaderEpoch(-1)));
        }
        exchange.reply(response);
    }

    private @Nullable Errors problem(Exchange exchange, @Nullable LogTopic topic, ListOffsetsPartition asked) {
        if (asked.timestamp() < 0
                && exchange.version() < FIRST_VERSIONS.getOrDefault(asked.timestamp(), Integer.MAX_VALUE)) {
            return Errors.UNSUPPORTED_VERSION;
        }
        if (topic == null) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return topics.mayRead(exchange.client(), topic)
                ? Topics.problem(topic, asked.partitionIndex(), asked.currentLeaderEpoch())
                : exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    private static void find(
            LogPartition partition,
            long timestamp,
            ListOffsetsPartitionResponse result,
            List<CompletableFuture<?>> searches) {
        LogPartition.Offsets offsets = partition.offsets();
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            place(result, -1, offsets.highWatermark(), partition.epoch());
        } else if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            place(result, -1, offsets.start(), partition.epochOf(offsets.start()));
        } else if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP || timestamp >= 0) {
            long asked = timestamp < 0 ? LogPartition.LARGEST_TIMESTAMP : timestamp;
            searches.add(partition
                    .find(asked)
                    .handle((found, failure) -> {
                        if (failure != null) {
                            fail(result, KafkaErrors.of(failure));
                        } else {
                            place(result, found.timestampMillis(), found.offset(), partition.epochOf(found.offset()));
                        }
                        return null;
                    })
                    .toCompletableFuture());
        } else {
            // The last record in a tier, or the first that is not in one yet: there are no tiers.
            place(result, -1, -1, -1);
        }
    }

    private static void place(ListOffsetsPartitionResponse result, long timestamp, long offset, int epoch) {
        result.setTimestamp(timestamp).setOffset(offset).setLeaderEpoch(offset < 0 ? -1 : epoch);
    }

    private static void fail(ListOffsetsPartitionResponse result, Errors error) {
        result.setErrorCode(error.code()).setTimestamp(-1).setOffset(-1).setLeaderEpoch(-1);
    }
}
