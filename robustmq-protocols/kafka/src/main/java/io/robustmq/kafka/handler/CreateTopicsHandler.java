/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.Setting;
import io.robustmq.protocol.TopicPort.TopicDescription;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** Creates topics that bind their own name. Immutable. */
final class CreateTopicsHandler {
    static final int PARTITIONS_MAX = 10_000;
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
                fail(result, Errors.INVALID_REQUEST, "Duplicate topic name.");
            } else if (!topics.mayCreate(exchange.client(), topic.name())) {
                fail(result, exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED), "not allowed to create it");
            } else if (isWellFormed(exchange, topic, result)) {
                creations.add(
                        create(exchange, topic, request.validateOnly(), result).toCompletableFuture());
            }
        }
        exchange.reply(response, creations);
    }

    private boolean isWellFormed(Exchange exchange, CreatableTopic topic, CreatableTopicResult result) {
        LogTopic before = topics.find(exchange.client(), topic.name(), Uuid.ZERO_UUID);
        if (!Topic.isValid(topic.name())) {
            fail(
                    result,
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "a name has 1 to 249 letters, digits, '.', '_' and '-', and is not '.' or '..'");
        } else if (before != null && !before.view()) {
            fail(result, Errors.TOPIC_ALREADY_EXISTS, "Topic '" + topic.name() + "' already exists.");
        } else if (topic.configs().stream().anyMatch(config -> config.value() == null)) {
            fail(result, Errors.INVALID_CONFIG, "a setting has a value");
        } else if (!topic.assignments().isEmpty()) {
            return isAssignedHere(topic, result);
        } else if (topic.replicationFactor() < DEFAULT || topic.replicationFactor() == 0) {
            fail(
                    result,
                    Errors.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value.");
        } else if (topic.replicationFactor() > 1) {
            fail(result, Errors.INVALID_REPLICATION_FACTOR, "a partition has one replica in this build");
        } else if (topic.numPartitions() < DEFAULT || topic.numPartitions() == 0) {
            fail(result, Errors.INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
        } else if (topic.numPartitions() > PARTITIONS_MAX) {
            fail(result, Errors.POLICY_VIOLATION, "a topic has " + PARTITIONS_MAX + " partitions at most");
        } else {
            return true;
        }
        return false;
    }

    /** Replicas may be placed by hand, if that is where they would be anyway. */
    private boolean isAssignedHere(CreatableTopic topic, CreatableTopicResult result) {
        int count = topic.assignments().size();
        if (topic.replicationFactor() != DEFAULT || topic.numPartitions() != DEFAULT) {
            fail(
                    result,
                    Errors.INVALID_REQUEST,
                    "A manual partition assignment was specified, but "
                            + (topic.replicationFactor() != DEFAULT ? "replication factor" : "numPartitions")
                            + " was not set to -1.");
            return false;
        }
        List<Integer> here = List.of(services.options().nodeId());
        Set<Integer> placed = new HashSet<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            int index = assignment.partitionIndex();
            if (index < 0 || index >= count || !placed.add(index)) {
                fail(
                        result,
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "partitions should be a consecutive 0-based integer sequence");
                return false;
            }
            if (!assignment.brokerIds().equals(here)) {
                fail(result, Errors.INVALID_REPLICA_ASSIGNMENT, "a partition has one replica, on node " + here.get(0));
                return false;
            }
        }
        return true;
    }

    private CompletionStage<?> create(
            Exchange exchange, CreatableTopic topic, boolean validateOnly, CreatableTopicResult result) {
        Map<String, String> config = new HashMap<>();
        for (CreatableTopicConfig each : topic.configs()) {
            config.put(each.name(), each.value());
        }
        int named = topic.assignments().isEmpty()
                ? topic.numPartitions()
                : topic.assignments().size();
        int partitions = named == DEFAULT ? services.options().defaultPartitions() : named;
        String tenant = exchange.client().tenant();
        TopicRequest request = new TopicRequest(tenant, topic.name(), partitions, List.of(), null, config);
        return services.ports()
                .log()
                .find(tenant, topic.name())
                .handle((before, failure) -> before != null && before.view())
                .thenCompose(view -> create(request, validateOnly, view, result));
    }

    private CompletionStage<?> create(
            TopicRequest request, boolean validateOnly, boolean endsView, CreatableTopicResult result) {
        TopicPort port = services.ports().topics();
        return (validateOnly ? port.validate(request) : port.create(request)).handle((created, failure) -> {
            if (failure != null) {
                fail(result, KafkaErrors.of(failure), String.valueOf(KafkaErrors.message(failure)));
            } else {
                describe(created, validateOnly, result);
                result.setErrorMessage(null);
                if (endsView) {
                    result.setErrorMessage("the view of that name ends, and its groups' offsets go");
                }
            }
            return null;
        });
    }

    private void describe(TopicDescription created, boolean validateOnly, CreatableTopicResult result) {
        List<CreatableTopicConfigs> configs = new ArrayList<>();
        for (Setting setting : services.ports().topics().settings(created)) {
            configs.add(new CreatableTopicConfigs()
                    .setName(setting.name())
                    .setValue(setting.value())
                    .setConfigSource(Settings.source(setting)));
        }
        if (!validateOnly) {
            UUID id = UUID.fromString(created.id());
            result.setTopicId(new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits()));
        }
        result.setNumPartitions(created.partitions())
                .setReplicationFactor((short) 1)
                .setConfigs(configs);
    }

    private static void fail(CreatableTopicResult result, Errors error, String message) {
        result.setErrorCode(error.code()).setErrorMessage(message);
    }
}
