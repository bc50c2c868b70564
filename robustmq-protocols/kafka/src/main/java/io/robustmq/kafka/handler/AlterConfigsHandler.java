/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.TopicPort.Setting;
import io.robustmq.protocol.TopicPort.SettingKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * Changes settings of topics: all of them at once as AlterConfigs wants it, or one by one. A node's own are changed in its
 * configuration. Immutable.
 */
final class AlterConfigsHandler {
    private final KafkaServices services;
    private final Topics topics;

    /** A change of one setting. */
    private record Op(String name, OpType type, String value) {}

    AlterConfigsHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    /** What is not named gets its default back. */
    void replace(Exchange exchange) {
        AlterConfigsRequestData request =
                (AlterConfigsRequestData) exchange.request().data();
        AlterConfigsResponseData response = new AlterConfigsResponseData();
        List<CompletableFuture<?>> changes = new ArrayList<>();
        Set<ConfigResource> seen = new HashSet<>();
        for (AlterConfigsResource each : request.resources()) {
            ConfigResource resource = resource(each.resourceType(), each.resourceName());
            if (!seen.add(resource)) {
                continue;
            }
            Map<String, String> wanted = new HashMap<>();
            each.configs().forEach(config -> wanted.put(config.name(), config.value()));
            ApiError problem = request.resources()
                                            .findAll(each.resourceType(), each.resourceName())
                                            .size()
                                    > 1
                            || wanted.size() < each.configs().size()
                    ? duplicate()
                    : each.configs().stream().anyMatch(config -> config.value() == null)
                            ? new ApiError(Errors.INVALID_REQUEST, "a setting has a value")
                            : ApiError.NONE;
            changes.add(alter(exchange, resource, problem, before -> wanted, request.validateOnly())
                    .thenAccept(error -> {
                        synchronized (response) {
                            response.responses()
                                    .add(new AlterConfigsResourceResponse()
                                            .setResourceType(each.resourceType())
                                            .setResourceName(each.resourceName())
                                            .setErrorCode(error.error().code())
                                            .setErrorMessage(error.message()));
                        }
                    }));
        }
        exchange.reply(response, changes);
    }

    /** What is not named stays. */
    void change(Exchange exchange) {
        IncrementalAlterConfigsRequestData request =
                (IncrementalAlterConfigsRequestData) exchange.request().data();
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        List<CompletableFuture<?>> changes = new ArrayList<>();
        Set<ConfigResource> seen = new HashSet<>();
        for (IncrementalAlterConfigsRequestData.AlterConfigsResource each : request.resources()) {
            ConfigResource resource = resource(each.resourceType(), each.resourceName());
            if (!seen.add(resource)) {
                continue;
            }
            ApiError problem = request.resources()
                                    .findAll(each.resourceType(), each.resourceName())
                                    .size()
                            > 1
                    ? duplicate()
                    : problem(each);
            List<Op> ops = new ArrayList<>();
            if (problem.isSuccess()) {
                each.configs()
                        .forEach(config ->
                                ops.add(new Op(config.name(), OpType.forId(config.configOperation()), config.value())));
            }
            changes.add(alter(
                            exchange,
                            resource,
                            problem,
                            before -> changed(exchange, resource, before, ops),
                            request.validateOnly())
                    .thenAccept(error -> {
                        synchronized (response) {
                            response.responses()
                                    .add(new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                                            .setResourceType(each.resourceType())
                                            .setResourceName(each.resourceName())
                                            .setErrorCode(error.error().code())
                                            .setErrorMessage(error.message()));
                        }
                    }));
        }
        exchange.reply(response, changes);
    }

    private static ConfigResource resource(byte type, String name) {
        return new ConfigResource(ConfigResource.Type.forId(type), name);
    }

    private static ApiError duplicate() {
        return new ApiError(Errors.INVALID_REQUEST, "Each resource, and each setting of it, must appear at most once.");
    }

    private static ApiError problem(IncrementalAlterConfigsRequestData.AlterConfigsResource resource) {
        Set<String> names = new HashSet<>();
        for (var config : resource.configs()) {
            OpType type = OpType.forId(config.configOperation());
            if (type == null) {
                return new ApiError(Errors.INVALID_REQUEST, "Unknown operation type " + config.configOperation());
            }
            if (!names.add(config.name())) {
                return new ApiError(Errors.INVALID_REQUEST, "Error due to duplicate config keys");
            }
            if (type != OpType.DELETE && config.value() == null) {
                return new ApiError(Errors.INVALID_REQUEST, "Null value not supported for : " + config.name());
            }
        }
        return ApiError.NONE;
    }

    private CompletableFuture<ApiError> alter(
            Exchange exchange,
            ConfigResource resource,
            ApiError problem,
            UnaryOperator<Map<String, String>> change,
            boolean validateOnly) {
        if (problem.isFailure()) {
            return CompletableFuture.completedFuture(problem);
        }
        if (resource.type() != ConfigResource.Type.TOPIC) {
            return CompletableFuture.completedFuture(new ApiError(
                    Errors.INVALID_REQUEST,
                    "only settings of topics are changed here; a node's own are in its configuration"));
        }
        LogTopic topic = topics.find(exchange.client(), resource.name(), Uuid.ZERO_UUID);
        if (topic == null) {
            return CompletableFuture.completedFuture(new ApiError(
                    Topics.unknown(resource.name()), "The topic '" + resource.name() + "' does not exist."));
        }
        if (topic.view()) {
            return CompletableFuture.completedFuture(
                    new ApiError(Errors.POLICY_VIOLATION, "a view has the settings of its topic"));
        }
        if (!topics.may(exchange.client(), Action.ALTER_CONFIGS, topic.name())) {
            return CompletableFuture.completedFuture(new ApiError(Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        return services.ports()
                .topics()
                .alter(exchange.client().tenant(), topic.name(), change, validateOnly)
                .handle((altered, failure) -> failure == null
                        ? ApiError.NONE
                        : new ApiError(KafkaErrors.of(failure), KafkaErrors.message(failure)))
                .toCompletableFuture();
    }

    private Map<String, String> changed(
            Exchange exchange, ConfigResource resource, Map<String, String> before, List<Op> ops) {
        Map<String, String> after = new HashMap<>(before);
        for (Op op : ops) {
            switch (op.type()) {
                case SET -> after.put(op.name(), op.value());
                case DELETE -> after.remove(op.name());
                case APPEND, SUBTRACT ->
                    after.put(op.name(), parts(op, before, setting(exchange, resource.name(), op)));
            }
        }
        return after;
    }

    private Setting setting(Exchange exchange, String topic, Op op) {
        return services.ports().topics().list(exchange.client().tenant(), false).stream()
                .filter(each -> each.name().equals(topic))
                .flatMap(each -> services.ports().topics().settings(each).stream())
                .filter(each -> each.name().equals(op.name()) && each.kind() == SettingKind.LIST)
                .findFirst()
                .orElseThrow(() -> RmqError.INVALID_CONFIG.exception(
                        "Can't " + op.type() + " to key " + op.name() + " because its type is not LIST."));
    }

    private static String parts(Op op, Map<String, String> before, Setting setting) {
        List<String> parts = new ArrayList<>(Settings.parts(before.getOrDefault(op.name(), setting.byDefault())));
        for (String part : Settings.parts(op.value())) {
            if (op.type() == OpType.SUBTRACT) {
                parts.remove(part);
            } else if (!parts.contains(part)) {
                parts.add(part);
            }
        }
        return String.join(",", parts);
    }
}
