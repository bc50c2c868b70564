/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AclPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/acls}: who may do what. Adding and testing is in {@link UserRoutes} under the same path. Thread-safe: immutable. */
@WebEndpoint(id = "acls")
public final class AclsEndpoint {
    private final Ports ports;

    AclsEndpoint(Ports ports) {
        this.ports = ports;
    }

    /** @param filter those whose name, whom, or subjects contain it */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> Mono.just(new WebEndpointResponse<>(Page.of(
                "acls",
                ports.get(AclPort.class).rules(TopicsEndpoint.tenant(tenant)),
                AccessRule::name,
                rule -> rule.name() + " " + rule.value() + " " + rule.filter(),
                filter,
                after,
                limit,
                AclsEndpoint::json))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(@Selector String name, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(
                        () -> ports.get(AclPort.class).deleteRule(TopicsEndpoint.tenant(tenant), name))
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    static Map<String, Object> json(AccessRule rule) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", rule.name());
        json.put("effect", text(rule.effect()));
        json.put("who", text(rule.who()));
        json.put("value", rule.value());
        json.put("action", text(rule.action()));
        json.put("resource", text(rule.resource()));
        json.put("match", text(rule.match()));
        json.put("filter", rule.filter());
        List<Integer> qos = new ArrayList<>();
        for (int i = 0; i <= 2; i++) {
            if ((rule.qosMask() & 1 << i) != 0) {
                qos.add(i);
            }
        }
        json.put("qos", qos);
        json.put("retain", rule.retain());
        return json;
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
