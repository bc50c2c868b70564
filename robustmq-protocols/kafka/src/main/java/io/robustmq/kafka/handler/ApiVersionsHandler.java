/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import java.util.Set;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;

/** Tells what is handled, and in which versions. Immutable. */
final class ApiVersionsHandler {
    private static final String GROUP_VERSION = "group.version";
    private static final int FIRST_VERSION_WITH_LEVEL_0 = 4;

    private final KafkaServices services;
    private final Set<ApiKeys> handled;

    ApiVersionsHandler(KafkaServices services, Set<ApiKeys> handled) {
        this.services = services;
        this.handled = handled;
    }

    void handle(Exchange exchange) {
        exchange.reply(answer(exchange));
    }

    private ApiVersionsResponseData answer(Exchange exchange) {
        if (!exchange.request().known()) {
            // KIP-511: in version 0, with the versions of this API, so that the client can ask again.
            ApiVersionsResponseData refusal = error(Errors.UNSUPPORTED_VERSION);
            refusal.apiKeys().add(range(ApiKeys.API_VERSIONS));
            return refusal;
        }
        ApiVersionsRequest request = (ApiVersionsRequest) exchange.request().body();
        if (!request.isValid()) {
            return error(Errors.INVALID_REQUEST);
        }
        if (isMeantForAnother(request.data())) {
            return error(Errors.REBOOTSTRAP_REQUIRED);
        }
        ApiVersionsResponseData data = new ApiVersionsResponseData();
        features(data, exchange.version());
        handled.stream().sorted().forEach(api -> data.apiKeys().add(range(api)));
        return data;
    }

    /** Clients choose by these: KIP-848 is there. Versions before 4 cannot bear a lowest level of 0. */
    private static void features(ApiVersionsResponseData data, short version) {
        data.supportedFeatures()
                .add(new SupportedFeatureKey()
                        .setName(GROUP_VERSION)
                        .setMinVersion((short) (version < FIRST_VERSION_WITH_LEVEL_0 ? 1 : 0))
                        .setMaxVersion((short) 1));
        data.finalizedFeatures()
                .add(new FinalizedFeatureKey()
                        .setName(GROUP_VERSION)
                        .setMinVersionLevel((short) 1)
                        .setMaxVersionLevel((short) 1));
        data.setFinalizedFeaturesEpoch(0);
    }

    /** Version 5: the client says whom it believes to speak to. */
    private boolean isMeantForAnother(ApiVersionsRequestData data) {
        String cluster = data.clusterId();
        return cluster != null && !cluster.equals(services.options().clusterId())
                || data.nodeId() >= 0 && data.nodeId() != services.options().nodeId();
    }

    private static ApiVersionsResponseData error(Errors error) {
        return new ApiVersionsResponseData().setErrorCode(error.code());
    }

    /** As Kafka tells it, with its exception for old librdkafka (KAFKA-18659). */
    private static ApiVersion range(ApiKeys api) {
        return api.toApiVersionForApiResponse(false, ListenerType.BROKER).orElseThrow();
    }
}
