/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.config;

import io.robustmq.app.admin.Page;
import io.robustmq.app.admin.Problem;
import io.robustmq.app.admin.TopicsEndpoint;
import io.robustmq.app.config.DynamicConfig.Known;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import reactor.core.publisher.Mono;

/** {@code /actuator/config}: every key in effect and where it comes from; set and unset those that may change. Thread-safe: immutable. */
@WebEndpoint(id = "config")
public final class ConfigEndpoint {
    private static final int VALUE_MAX = 1_000;

    private final EffectiveConfig effective;
    private final DynamicConfig dynamic;

    ConfigEndpoint(EffectiveConfig effective, DynamicConfig dynamic) {
        this.effective = effective;
        this.dynamic = dynamic;
    }

    private record Row(String key, @Nullable String value) {}

    /** @param onlyDynamic only keys that may change while nodes run */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit, @Nullable Boolean onlyDynamic) {
        return TopicsEndpoint.answer(() -> {
            List<Row> rows = new ArrayList<>();
            effective.values(dynamic.onTop()).forEach((key, value) -> rows.add(new Row(key, value)));
            dynamic.settings().forEach((key, known) -> {
                if (!DynamicConfig.isOurs(key)) {
                    rows.add(new Row(key, known.setting().value()));
                }
            });
            rows.removeIf(row -> Boolean.TRUE.equals(onlyDynamic) && !DynamicConfig.isDynamic(row.key));
            return Mono.just(
                    new WebEndpointResponse<>(Page.of("config", rows, Row::key, filter, after, limit, this::json)));
        });
    }

    @WriteOperation
    public Mono<WebEndpointResponse<Object>> set(@Selector String key, String value) {
        return TopicsEndpoint.answer(() -> {
            if (value.length() > VALUE_MAX) {
                throw Problem.invalid("a value has at most " + VALUE_MAX + " characters");
            }
            return ReactiveSecurityContextHolder.getContext()
                    .mapNotNull(context -> context.getAuthentication())
                    .map(Authentication::getName)
                    .defaultIfEmpty("unknown")
                    .flatMap(by -> Mono.fromCompletionStage(() -> dynamic.set(key, value, by)))
                    .then(Mono.fromSupplier(() -> new WebEndpointResponse<>(json(new Row(key, value)))));
        });
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> unset(@Selector String key) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(() -> dynamic.unset(key))
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    private Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        Known known = dynamic.settings().get(row.key);
        json.put("key", row.key);
        json.put("value", row.value);
        json.put("dynamic", DynamicConfig.isDynamic(row.key));
        json.put("source", known != null ? "cluster" : effective.source(row.key));
        if (known != null) {
            json.put("by", known.setting().by());
            json.put(
                    "since", Instant.ofEpochMilli(known.setting().sinceMillis()).toString());
            json.put("revision", known.revision());
        }
        return json;
    }
}
