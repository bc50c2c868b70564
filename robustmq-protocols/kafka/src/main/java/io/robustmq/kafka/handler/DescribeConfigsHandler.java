/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.TopicPort.TopicDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/** What was set for a topic; what was not is left out. Immutable. */
final class DescribeConfigsHandler {
    private final KafkaServices services;
    private final Topics topics;

    DescribeConfigsHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        DescribeConfigsRequestData request =
                (DescribeConfigsRequestData) exchange.request().data();
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        List<CompletableFuture<?>> lookups = new ArrayList<>();
        for (DescribeConfigsResource asked : request.resources()) {
            DescribeConfigsResult result = new DescribeConfigsResult()
                    .setResourceType(asked.resourceType())
                    .setResourceName(asked.resourceName());
            response.results().add(result);
            LogTopic topic = topics.find(exchange.client(), asked.resourceName(), Uuid.ZERO_UUID);
            if (asked.resourceType() != ConfigResource.Type.TOPIC.id()) {
                fail(result, Errors.INVALID_REQUEST, "only settings of topics are shown in this build");
            } else if (topic == null) {
                fail(result, Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
            } else if (!topics.maySee(exchange.client(), topic)) {
                fail(result, Errors.TOPIC_AUTHORIZATION_FAILED, null);
            } else {
                lookups.add(show(exchange, asked, result));
            }
        }
        CompletableFuture.allOf(lookups.toArray(CompletableFuture[]::new))
                .whenComplete((shown, failure) -> exchange.reply(response));
    }

    private CompletableFuture<?> show(Exchange exchange, DescribeConfigsResource asked, DescribeConfigsResult result) {
        return services.ports()
                .topics()
                .show(exchange.client().tenant(), asked.resourceName())
                .handle((topic, failure) -> {
                    if (failure != null) {
                        fail(result, KafkaErrors.of(failure), KafkaErrors.message(failure));
                    } else {
                        describe(topic, asked.configurationKeys(), result);
                    }
                    return null;
                })
                .toCompletableFuture();
    }

    private static void describe(TopicDescription topic, @Nullable List<String> wanted, DescribeConfigsResult result) {
        topic.config().forEach((name, value) -> {
            if (wanted == null || wanted.contains(name)) {
                result.configs()
                        .add(new DescribeConfigsResourceResult()
                                .setName(name)
                                .setValue(value)
                                .setConfigSource(ConfigSource.TOPIC_CONFIG.id()));
            }
        });
    }

    private static void fail(DescribeConfigsResult result, Errors error, @Nullable String message) {
        result.setErrorCode(error.code()).setErrorMessage(message == null ? error.message() : message);
    }
}
