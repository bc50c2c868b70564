/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Which topics there are and who leads them; creates those that clients want to have created. Immutable. */
final class MetadataHandler {
    private static final int FIRST_VERSION_WITH_CHOICE = 4;

    private final KafkaServices services;
    private final Topics topics;
    private final ViewSearch views;
    private final TopicAnswers known;

    MetadataHandler(KafkaServices services, Topics topics, ViewSearch views) {
        this.services = services;
        this.topics = topics;
        this.views = views;
        this.known = new TopicAnswers(services.options().nodeId());
    }

    void handle(Exchange exchange) {
        MetadataRequestData request = (MetadataRequestData) exchange.request().data();
        List<MetadataRequestTopic> asked = wanted(request);
        if (asked == null || asked.isEmpty() && exchange.version() == 0) {
            views.list(exchange, listed -> exchange.reply(all(exchange, listed)));
            return;
        }
        List<String> names = asked.stream()
                .filter(topic -> topic.name() != null && Uuid.ZERO_UUID.equals(topic.topicId()))
                .map(MetadataRequestTopic::name)
                .toList();
        views.look(exchange, names, unknown -> {
            Map<String, Errors> failures = new HashMap<>();
            unknown.forEach(name -> failures.put(name, Errors.LEADER_NOT_AVAILABLE));
            answer(exchange, request, asked, failures);
        });
    }

    private static void put(Map<String, Errors> failures, String name, Errors error) {
        synchronized (failures) {
            failures.put(name, error);
        }
    }

    /** Each topic once; beside ids names do not count. */
    private static @Nullable List<MetadataRequestTopic> wanted(MetadataRequestData request) {
        List<MetadataRequestTopic> asked = request.topics();
        if (asked == null || asked.size() < 2) {
            return asked;
        }
        boolean ids = asked.stream().anyMatch(topic -> !Uuid.ZERO_UUID.equals(topic.topicId()));
        return asked.stream()
                .filter(topic -> !ids || !Uuid.ZERO_UUID.equals(topic.topicId()))
                .distinct()
                .toList();
    }

    private void answer(
            Exchange exchange,
            MetadataRequestData request,
            List<MetadataRequestTopic> asked,
            Map<String, Errors> failures) {
        boolean create = services.options().autoCreateTopics()
                && (exchange.version() < FIRST_VERSION_WITH_CHOICE || request.allowAutoTopicCreation());
        List<CompletableFuture<?>> creations = new ArrayList<>();
        if (create) {
            asked.forEach(topic -> create(exchange.client(), topic, failures, creations));
        }
        if (creations.isEmpty()) {
            exchange.reply(some(exchange, asked, failures));
        } else {
            CompletableFuture.allOf(creations.toArray(CompletableFuture[]::new))
                    .whenComplete((created, failure) ->
                            exchange.loop().execute(() -> exchange.reply(some(exchange, asked, failures))));
        }
    }

    private void create(
            ClientIdentity client,
            MetadataRequestTopic asked,
            Map<String, Errors> failures,
            List<CompletableFuture<?>> creations) {
        String name = asked.name();
        if (name == null
                || !Uuid.ZERO_UUID.equals(asked.topicId())
                || !Topic.isValid(name)
                || topics.find(client, name, Uuid.ZERO_UUID) != null
                || Subjects.isPrivate(name)
                || isFailed(failures, name)
                || !topics.mayCreate(client, name)) {
            return;
        }
        creations.add(services.ports()
                .topics()
                .create(new TopicRequest(
                        client.tenant(), name, services.options().defaultPartitions(), List.of(), null, Map.of()))
                .handle((created, failure) -> {
                    if (failure != null && KafkaErrors.of(failure) != KafkaErrors.of(RmqError.TOPIC_EXISTS)) {
                        put(failures, name, KafkaErrors.of(failure));
                    }
                    return null;
                })
                .toCompletableFuture());
    }

    private MetadataAnswer all(Exchange exchange, List<LogTopic> listedViews) {
        MetadataAnswer answer = new MetadataAnswer(head(exchange), exchange.version());
        topics.all(exchange.client()).forEach(topic -> answer.add(bytes(exchange, topic)));
        listedViews.forEach(view -> answer.add(bytes(exchange, view)));
        return answer;
    }

    private MetadataAnswer some(Exchange exchange, List<MetadataRequestTopic> asked, Map<String, Errors> failures) {
        MetadataAnswer answer = new MetadataAnswer(head(exchange), exchange.version());
        for (MetadataRequestTopic each : asked) {
            answer.add(bytes(exchange, each, failures));
        }
        return answer;
    }

    private byte[] bytes(Exchange exchange, MetadataRequestTopic asked, Map<String, Errors> failures) {
        ClientIdentity client = exchange.client();
        LogTopic topic = topics.find(client, asked.name(), asked.topicId());
        if (topic != null && topics.maySee(client, topic)) {
            return bytes(exchange, topic);
        }
        Errors error;
        if (topic != null || asked.name() != null && !topics.maySee(client, asked.name())) {
            error = exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED);
        } else if (asked.name() != null && !Topic.isValid(asked.name())) {
            error = Errors.INVALID_TOPIC_EXCEPTION;
        } else {
            error = failure(failures, asked);
        }
        MetadataResponseTopic refused = new MetadataResponseTopic()
                .setName(asked.name())
                .setTopicId(asked.topicId())
                .setErrorCode(error.code());
        return MetadataAnswer.bytes(refused, exchange.version());
    }

    private byte[] bytes(Exchange exchange, LogTopic topic) {
        MetadataRequestData request = (MetadataRequestData) exchange.request().data();
        return request.includeTopicAuthorizedOperations()
                ? known.of(topic, exchange.version(), topics.operations(exchange.client(), topic))
                : known.of(topic, exchange.version());
    }

    private static boolean isFailed(Map<String, Errors> failures, String name) {
        synchronized (failures) {
            return failures.containsKey(name);
        }
    }

    private static Errors failure(Map<String, Errors> failures, MetadataRequestTopic asked) {
        @Nullable Errors failure;
        synchronized (failures) {
            failure = failures.get(asked.name());
        }
        return failure == null ? Topics.unknown(asked.topicId()) : failure;
    }

    private MetadataResponseData head(Exchange exchange) {
        MetadataResponseData response = new MetadataResponseData()
                .setClusterId(services.options().clusterId())
                .setControllerId(services.options().nodeId());
        MetadataRequestData request = (MetadataRequestData) exchange.request().data();
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(
                    Operations.ofCluster(services.ports().access()));
        }
        response.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(services.options().nodeId())
                        .setHost(exchange.address().host())
                        .setPort(exchange.address().port()));
        return response;
    }
}
