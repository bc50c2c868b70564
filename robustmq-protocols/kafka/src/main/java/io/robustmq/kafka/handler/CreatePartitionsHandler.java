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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Gives topics more partitions. Immutable. */
final class CreatePartitionsHandler {
    private final KafkaServices services;
    private final Topics topics;

    CreatePartitionsHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        CreatePartitionsRequestData request =
                (CreatePartitionsRequestData) exchange.request().data();
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        List<CompletableFuture<?>> additions = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (CreatePartitionsTopic asked : request.topics()) {
            if (!seen.add(asked.name())) {
                continue;
            }
            CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(asked.name());
            response.results().add(result);
            LogTopic topic = topics.find(exchange.client(), asked.name(), Uuid.ZERO_UUID);
            if (request.topics().findAll(asked.name()).size() > 1) {
                fail(result, Errors.INVALID_REQUEST, "Duplicate topic name.");
            } else if (topic == null) {
                fail(result, Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
            } else if (!topics.may(exchange.client(), Action.ALTER, topic.name())) {
                fail(result, exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED), null);
            } else if (topic.view()) {
                fail(result, Errors.POLICY_VIOLATION, "a view has one partition");
            } else if (isIncrease(topic, asked, result)) {
                additions.add(add(exchange, asked, request.validateOnly(), result));
            }
        }
        exchange.reply(response, additions);
    }

    private boolean isIncrease(LogTopic topic, CreatePartitionsTopic asked, CreatePartitionsTopicResult result) {
        int now = topic.partitions();
        if (asked.count() == now) {
            fail(result, Errors.INVALID_PARTITIONS, "Topic already has " + now + " partition(s).");
        } else if (asked.count() < now) {
            fail(
                    result,
                    Errors.INVALID_PARTITIONS,
                    "The topic " + asked.name() + " currently has " + now + " partition(s); " + asked.count()
                            + " would not be an increase.");
        } else if (asked.count() > CreateTopicsHandler.PARTITIONS_MAX) {
            fail(result, Errors.INVALID_PARTITIONS, "a topic has " + CreateTopicsHandler.PARTITIONS_MAX + " at most");
        } else if (asked.assignments() != null && asked.assignments().size() != asked.count() - now) {
            fail(
                    result,
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "Attempted to add " + (asked.count() - now) + " additional partition(s), but only "
                            + asked.assignments().size() + " assignment(s) were specified.");
        } else if (asked.assignments() != null && !asked.assignments().stream().allMatch(this::isHere)) {
            fail(result, Errors.INVALID_REPLICA_ASSIGNMENT, "a partition has one replica, on this node");
        } else {
            return true;
        }
        return false;
    }

    private boolean isHere(CreatePartitionsAssignment assignment) {
        return assignment.brokerIds().equals(List.of(services.options().nodeId()));
    }

    private CompletableFuture<?> add(
            Exchange exchange, CreatePartitionsTopic asked, boolean validateOnly, CreatePartitionsTopicResult result) {
        return services.ports()
                .topics()
                .addPartitions(exchange.client().tenant(), asked.name(), asked.count(), validateOnly)
                .handle((grown, failure) -> {
                    if (failure != null) {
                        Errors error = KafkaErrors.of(failure);
                        // The count is the only thing about it that can be wrong.
                        fail(
                                result,
                                error == Errors.INVALID_CONFIG ? Errors.INVALID_PARTITIONS : error,
                                KafkaErrors.message(failure));
                    }
                    return null;
                })
                .toCompletableFuture();
    }

    private static void fail(CreatePartitionsTopicResult result, Errors error, @Nullable String message) {
        result.setErrorCode(error.code()).setErrorMessage(message == null ? error.message() : message);
    }
}
