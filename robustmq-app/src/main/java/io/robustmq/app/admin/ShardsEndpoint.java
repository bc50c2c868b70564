/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.TopicDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/shards}: every shard of a tenant, those of internal topics too. Thread-safe: immutable. */
@WebEndpoint(id = "shards")
public final class ShardsEndpoint {
    private final Ports ports;

    ShardsEndpoint(Ports ports) {
        this.ports = ports;
    }

    /** @param topic only those of one topic */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(@Nullable String tenant, @Nullable String topic) {
        return TopicsEndpoint.answer(() -> Mono.fromSupplier(
                        () -> ports.get(TopicPort.class).list(TopicsEndpoint.tenant(tenant), true))
                .map(topics -> new WebEndpointResponse<>(Map.of("shards", shards(topics, topic)))));
    }

    private static List<Map<String, Object>> shards(List<TopicDescription> topics, @Nullable String only) {
        return topics.stream()
                .filter(topic -> only == null || topic.name().equals(only))
                .flatMap(topic -> topic.shards().stream().map(shard -> TopicJson.of(topic, shard)))
                .toList();
    }
}
