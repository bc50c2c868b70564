/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.protocol.TopicPort.TopicDescription;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/** Creates topics that bind their own name. Immutable. */
final class CreateTopicsHandler {
    private static final int DEFAULT = -1;

    private final KafkaServices services;
    private final Topics topics;

    CreateTopicsHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        CreateTopicsRequestData request =
                (CreateTopicsRequestData) exchange.request().data();
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        List<CompletableFuture<?>> creations = new ArrayList<>();
        for (CreatableTopic topic : request.topics()) {
            if (response.topics().find(topic.name()) != null) {
                continue;
            }
            CreatableTopicResult result = new CreatableTopicResult().setName(topic.name());
            response.topics().add(result);
            if (request.topics().findAll(topic.name()).size() > 1) {
                fail(result, Errors.INVALID_REQUEST, "it is named twice");
            } else if (request.validateOnly()) {
                fail(result, Errors.INVALID_REQUEST, "to validate only is not in this build");
            } else if (!topics.mayWrite(exchange.client(), topic.name())) {
                fail(result, Errors.TOPIC_AUTHORIZATION_FAILED, "not allowed to create it");
            } else if (isWellFormed(topic, result)) {
                creations.add(create(exchange, topic, result).toCompletableFuture());
            }
        }
        CompletableFuture.allOf(creations.toArray(CompletableFuture[]::new))
                .whenComplete((created, failure) -> exchange.reply(response));
    }

    private boolean isWellFormed(CreatableTopic topic, CreatableTopicResult result) {
        if (!Topic.isValid(topic.name())) {
            fail(result, Errors.INVALID_TOPIC_EXCEPTION, "a name has 1 to 249 letters, digits, '.', '_' and '-'");
        } else if (!topic.assignments().isEmpty() && !isAssignedHere(topic)) {
            fail(result, Errors.INVALID_REPLICA_ASSIGNMENT, "every partition from 0 on has one replica, on this node");
        } else if (topic.assignments().isEmpty() && topic.numPartitions() < 1 && topic.numPartitions() != DEFAULT) {
            fail(result, Errors.INVALID_PARTITIONS, "a topic has 1 partition or more");
        } else if (topic.replicationFactor() != 1 && topic.replicationFactor() != DEFAULT) {
            fail(result, Errors.INVALID_REPLICATION_FACTOR, "a partition has one replica in this build");
        } else if (topic.configs().stream().anyMatch(config -> config.value() == null)) {
            fail(result, Errors.INVALID_CONFIG, "a setting has a value");
        } else {
            return true;
        }
        return false;
    }

    private boolean isAssignedHere(CreatableTopic topic) {
        List<Integer> here = List.of(services.options().nodeId());
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            if (assignment.partitionIndex() < 0
                    || assignment.partitionIndex() >= topic.assignments().size()
                    || !assignment.brokerIds().equals(here)) {
                return false;
            }
        }
        return true;
    }

    private CompletionStage<?> create(Exchange exchange, CreatableTopic topic, CreatableTopicResult result) {
        Map<String, String> config = new HashMap<>();
        for (CreatableTopicConfig each : topic.configs()) {
            config.put(each.name(), each.value());
        }
        int partitions = topic.assignments().isEmpty()
                ? Math.max(0, topic.numPartitions())
                : topic.assignments().size();
        String tenant = exchange.client().tenant();
        TopicRequest request = new TopicRequest(tenant, topic.name(), partitions, List.of(), null, config);
        return services.ports()
                .log()
                .find(tenant, topic.name())
                .handle((before, failure) -> before != null && before.view())
                .thenCompose(view -> create(request, view, result));
    }

    private CompletionStage<?> create(TopicRequest request, boolean endsView, CreatableTopicResult result) {
        return services.ports().topics().create(request).handle((created, failure) -> {
            if (failure != null) {
                fail(result, KafkaErrors.of(failure), String.valueOf(KafkaErrors.message(failure)));
            } else {
                describe(created, result);
                if (endsView) {
                    result.setErrorMessage("the view of that name ends, and its groups' offsets go");
                }
            }
            return null;
        });
    }

    private static void describe(TopicDescription created, CreatableTopicResult result) {
        UUID id = UUID.fromString(created.id());
        List<CreatableTopicConfigs> configs = new ArrayList<>();
        created.config()
                .forEach((name, value) -> configs.add(new CreatableTopicConfigs()
                        .setName(name)
                        .setValue(value)
                        .setConfigSource(ConfigSource.TOPIC_CONFIG.id())));
        result.setTopicId(new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits()))
                .setNumPartitions(created.partitions())
                .setReplicationFactor((short) 1)
                .setConfigs(configs);
    }

    private static void fail(CreatableTopicResult result, Errors error, String message) {
        result.setErrorCode(error.code()).setErrorMessage(message);
    }
}
