/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.TopicDescription;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/topics}: list, show, delete. What an Actuator operation cannot express (a nested request body, an
 * answer in lines) is in {@link TopicRoutes} under the same path. Thread-safe: immutable.
 */
@WebEndpoint(id = "topics")
public final class TopicsEndpoint {
    private final Ports ports;

    TopicsEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String tenant,
            @Nullable Boolean internal,
            @Nullable String filter,
            @Nullable String after,
            @Nullable Integer limit) {
        return answer(() -> Mono.fromSupplier(() -> new WebEndpointResponse<>(Page.of(
                "topics",
                topics().list(tenant(tenant), Boolean.TRUE.equals(internal)),
                TopicDescription::name,
                filter,
                after,
                limit,
                TopicJson::of))));
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> show(@Selector String name, @Nullable String tenant) {
        return answer(() -> Mono.fromCompletionStage(() -> topics().show(tenant(tenant), name))
                .map(topic -> new WebEndpointResponse<>(TopicJson.of(topic))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(@Selector String name, @Nullable String tenant) {
        return answer(() -> Mono.fromCompletionStage(() -> topics().delete(tenant(tenant), name))
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    static String tenant(@Nullable String tenant) {
        return tenant == null || tenant.isEmpty() ? Tenants.DEFAULT : tenant;
    }

    /** Fails as a {@link Problem}. */
    public static Mono<WebEndpointResponse<Object>> answer(Supplier<Mono<WebEndpointResponse<Object>>> work) {
        return Mono.defer(work)
                .onErrorResume(failure -> Mono.just(Problem.of(failure).endpointResponse()));
    }

    private TopicPort topics() {
        return ports.get(TopicPort.class);
    }
}
