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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Deletes topics by name or id. Immutable. */
final class DeleteTopicsHandler {
    private static final int FIRST_VERSION_WITH_IDS = 6;

    private final KafkaServices services;
    private final Topics topics;

    DeleteTopicsHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        DeleteTopicsRequestData request =
                (DeleteTopicsRequestData) exchange.request().data();
        List<DeleteTopicState> asked = exchange.version() >= FIRST_VERSION_WITH_IDS
                ? request.topics()
                : request.topicNames().stream()
                        .map(name -> new DeleteTopicState().setName(name))
                        .toList();
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        List<CompletableFuture<?>> deletions = new ArrayList<>();
        Set<DeleteTopicState> once = new LinkedHashSet<>();
        Set<DeleteTopicState> twice = new HashSet<>();
        for (DeleteTopicState each : asked) {
            if (!once.add(each)) {
                twice.add(each);
            }
        }
        for (DeleteTopicState each : once) {
            DeletableTopicResult result =
                    new DeletableTopicResult().setName(each.name()).setTopicId(each.topicId());
            response.responses().add(result);
            String mistake = mistake(each, twice.contains(each));
            if (mistake != null) {
                result.setErrorCode(Errors.INVALID_REQUEST.code()).setErrorMessage(mistake);
                continue;
            }
            LogTopic topic = topics.find(exchange.client(), each.name(), each.topicId());
            if (topic == null) {
                fail(result, Topics.unknown(each.topicId()));
            } else if (!topics.may(exchange.client(), Action.DELETE, topic.name())) {
                fail(result, exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED));
            } else {
                result.setName(topic.name()).setTopicId(Topics.id(topic));
                deletions.add(delete(exchange, topic, result));
            }
        }
        exchange.reply(response, deletions);
    }

    private static @Nullable String mistake(DeleteTopicState topic, boolean twice) {
        boolean byId = !Uuid.ZERO_UUID.equals(topic.topicId());
        if (byId == (topic.name() != null)) {
            return byId
                    ? "You may not specify both topic name and topic id."
                    : "Neither topic name nor id were specified.";
        }
        if (!twice) {
            return null;
        }
        return byId ? "Duplicate topic id." : "Duplicate topic name.";
    }

    private CompletableFuture<?> delete(Exchange exchange, LogTopic topic, DeletableTopicResult result) {
        return services.ports()
                .topics()
                .delete(exchange.client().tenant(), topic.name())
                .handle((deleted, failure) -> {
                    if (failure != null) {
                        result.setErrorCode(KafkaErrors.of(failure).code())
                                .setErrorMessage(KafkaErrors.message(failure));
                    }
                    return null;
                })
                .toCompletableFuture();
    }

    private static void fail(DeletableTopicResult result, Errors error) {
        result.setErrorCode(error.code()).setErrorMessage(error.message());
    }
}
