/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.TenantPort;
import io.robustmq.protocol.TenantPort.Tenant;
import io.robustmq.protocol.UserPort;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/tenants}: name spaces. Adding is in {@link QuotaRoutes} under the same path. Thread-safe: immutable. */
@WebEndpoint(id = "tenants")
public final class TenantsEndpoint {
    private final Ports ports;

    TenantsEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> Mono.just(new WebEndpointResponse<>(Page.of(
                "tenants", tenants().names(), name -> name, filter, after, limit, name -> Map.of("name", name)))));
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> show(@Selector String name) {
        return TopicsEndpoint.answer(
                () -> Mono.fromCompletionStage(() -> tenants().show(name))
                        .map(tenant -> new WebEndpointResponse<>(json(tenant))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(@Selector String name) {
        return TopicsEndpoint.answer(
                () -> Mono.fromCompletionStage(() -> tenants().delete(name))
                        .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    Map<String, Object> json(Tenant tenant) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", tenant.name());
        json.put(
                "users",
                ports.node()
                        .find(UserPort.class)
                        .map(users -> users.count(tenant.name()))
                        .orElse(0));
        json.put("topics", tenant.topics());
        json.put("sessions", tenant.sessions());
        json.put("connections", tenant.connections());
        return json;
    }

    private TenantPort tenants() {
        return ports.get(TenantPort.class);
    }
}
