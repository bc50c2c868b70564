/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.TopicPort.Setting;
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
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;

/** The settings of topics, set or by default, and those of this node that clients ask brokers for. Immutable. */
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
            switch (ConfigResource.Type.forId(asked.resourceType())) {
                case TOPIC -> topic(exchange, request, asked, result, lookups);
                case BROKER -> broker(exchange, asked, result);
                default -> fail(result, Errors.INVALID_REQUEST, "only topics and brokers have settings to show here");
            }
        }
        exchange.reply(response, lookups);
    }

    private void topic(
            Exchange exchange,
            DescribeConfigsRequestData request,
            DescribeConfigsResource asked,
            DescribeConfigsResult result,
            List<CompletableFuture<?>> lookups) {
        LogTopic topic = topics.find(exchange.client(), asked.resourceName(), Uuid.ZERO_UUID);
        if (topic == null) {
            Errors unknown = Topics.unknown(asked.resourceName());
            fail(result, unknown, unknown.message());
        } else if (!topics.maySee(exchange.client(), topic)) {
            fail(
                    result,
                    exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED),
                    Errors.TOPIC_AUTHORIZATION_FAILED.message());
        } else {
            // Those of a view are its topic's, and are changed there only.
            lookups.add(services.ports()
                    .topics()
                    .show(exchange.client().tenant(), topic.settingsOf())
                    .handle((shown, failure) -> {
                        if (failure != null) {
                            fail(result, KafkaErrors.of(failure), KafkaErrors.message(failure));
                        } else {
                            services.ports()
                                    .topics()
                                    .settings(shown)
                                    .forEach(setting -> describe(setting, topic.view(), request, asked, result));
                        }
                        return null;
                    })
                    .toCompletableFuture());
        }
    }

    private static void describe(
            Setting setting,
            boolean readOnly,
            DescribeConfigsRequestData request,
            DescribeConfigsResource asked,
            DescribeConfigsResult result) {
        if (!isWanted(setting.name(), asked)) {
            return;
        }
        DescribeConfigsResourceResult described = new DescribeConfigsResourceResult()
                .setName(setting.name())
                .setValue(setting.value())
                .setReadOnly(readOnly)
                .setConfigSource(Settings.source(setting))
                .setConfigType(Settings.type(setting))
                .setDocumentation(request.includeDocumentation() ? setting.meaning() : null);
        if (request.includeSynonyms()) {
            if (setting.set()) {
                described.synonyms().add(synonym(setting.name(), setting.value(), ConfigSource.TOPIC_CONFIG));
            }
            described
                    .synonyms()
                    .add(synonym(Settings.nameOfDefault(setting), setting.byDefault(), ConfigSource.DEFAULT_CONFIG));
        }
        result.configs().add(described);
    }

    private static boolean isWanted(String name, DescribeConfigsResource asked) {
        List<String> wanted = asked.configurationKeys();
        return wanted == null || wanted.contains(name);
    }

    private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
        return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
    }

    /** The name is this node's id; none asks for what was set for all brokers at run time, which nothing can be. */
    private void broker(Exchange exchange, DescribeConfigsResource asked, DescribeConfigsResult result) {
        String id = Integer.toString(services.options().nodeId());
        if (asked.resourceName().isEmpty()) {
            return;
        }
        if (!asked.resourceName().equals(id)) {
            fail(
                    result,
                    Errors.INVALID_REQUEST,
                    "Unexpected broker id, expected " + id + " or empty string, but received " + asked.resourceName());
            return;
        }
        String address = exchange.address().host() + ":" + exchange.address().port();
        add(asked, result, "advertised.listeners", "PLAINTEXT://" + address, ConfigType.STRING);
        add(asked, result, "auto.create.topics.enable", "" + services.options().autoCreateTopics(), ConfigType.BOOLEAN);
        add(asked, result, "broker.id", id, ConfigType.INT);
        add(asked, result, "default.replication.factor", "1", ConfigType.INT);
        add(asked, result, "fetch.max.bytes", "" + services.limits().fetchBytesMax(), ConfigType.INT);
        add(asked, result, "node.id", id, ConfigType.INT);
        add(asked, result, "num.partitions", "" + services.options().defaultPartitions(), ConfigType.INT);
        add(asked, result, "socket.request.max.bytes", "" + services.limits().requestBytesMax(), ConfigType.INT);
    }

    private static void add(
            DescribeConfigsResource asked, DescribeConfigsResult result, String name, String value, ConfigType type) {
        if (isWanted(name, asked)) {
            result.configs()
                    .add(new DescribeConfigsResourceResult()
                            .setName(name)
                            .setValue(value)
                            .setReadOnly(true)
                            .setConfigSource(ConfigSource.STATIC_BROKER_CONFIG.id())
                            .setConfigType(type.id()));
        }
    }

    private static void fail(DescribeConfigsResult result, Errors error, @Nullable String message) {
        result.setErrorCode(error.code()).setErrorMessage(message == null ? error.message() : message);
    }
}
