/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Deletes what lies before an offset; -1 stands for the high watermark. Immutable. */
final class DeleteRecordsHandler {
    private static final long NO_WATERMARK = -1;
    private static final long HIGH_WATERMARK = -1;

    private final KafkaServices services;
    private final Topics topics;

    DeleteRecordsHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        DeleteRecordsRequestData request =
                (DeleteRecordsRequestData) exchange.request().data();
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        List<CompletableFuture<?>> deletions = new ArrayList<>();
        for (DeleteRecordsTopic asked : request.topics()) {
            if (asked.partitions().isEmpty()) {
                continue;
            }
            LogTopic topic = topics.find(exchange.client(), asked.name(), Uuid.ZERO_UUID);
            DeleteRecordsTopicResult answer = response.topics().find(asked.name());
            if (answer == null) {
                answer = new DeleteRecordsTopicResult().setName(asked.name());
                response.topics().add(answer);
            }
            for (DeleteRecordsPartition partition : asked.partitions()) {
                if (answer.partitions().find(partition.partitionIndex()) != null) {
                    continue;
                }
                DeleteRecordsPartitionResult result =
                        new DeleteRecordsPartitionResult().setPartitionIndex(partition.partitionIndex());
                answer.partitions().add(result);
                Errors problem = problem(exchange, topic, partition);
                if (problem != null) {
                    fail(result, problem);
                } else {
                    deletions.add(delete(exchange, asked.name(), partition, result));
                }
            }
        }
        exchange.reply(response, deletions);
    }

    private @Nullable Errors problem(Exchange exchange, @Nullable LogTopic topic, DeleteRecordsPartition asked) {
        if (topic == null) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (!topics.may(exchange.client(), Action.DELETE, topic.name())) {
            return exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        Errors problem = Topics.problem(topic, asked.partitionIndex(), -1);
        if (problem != null) {
            return problem;
        }
        if (!topic.terms().deletable()) {
            return Errors.POLICY_VIOLATION;
        }
        return asked.offset() < HIGH_WATERMARK ? Errors.OFFSET_OUT_OF_RANGE : null;
    }

    private CompletableFuture<?> delete(
            Exchange exchange, String topic, DeleteRecordsPartition asked, DeleteRecordsPartitionResult result) {
        return services.ports()
                .topics()
                .deleteRecords(exchange.client().tenant(), topic, asked.partitionIndex(), asked.offset())
                .handle((start, failure) -> {
                    if (failure == null) {
                        result.setLowWatermark(start);
                    } else {
                        fail(result, KafkaErrors.of(failure));
                    }
                    return null;
                })
                .toCompletableFuture();
    }

    private static void fail(DeleteRecordsPartitionResult result, Errors error) {
        result.setErrorCode(error.code()).setLowWatermark(NO_WATERMARK);
    }
}
