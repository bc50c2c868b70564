/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.admin.Page;
import io.robustmq.app.admin.TopicsEndpoint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/admins}: list and delete accounts of the admin API. Adding and changing one is in {@link AccountRoutes} under
 * the same path. Thread-safe: immutable.
 */
@WebEndpoint(id = "admins")
public final class AdminsEndpoint {
    private final Accounts accounts;

    AdminsEndpoint(Accounts accounts) {
        this.accounts = accounts;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> Mono.just(new WebEndpointResponse<>(
                Page.of("admins", accounts.accounts(), Account::name, filter, after, limit, AdminsEndpoint::json))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(@Selector String name) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(() -> accounts.delete(name))
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    static Map<String, Object> json(Account account) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", account.name());
        json.put("role", account.role().key());
        json.put("created", Instant.ofEpochMilli(account.createdMillis()).toString());
        return json;
    }
}
