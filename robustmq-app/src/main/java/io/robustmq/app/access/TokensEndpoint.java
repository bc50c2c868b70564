/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.admin.Page;
import io.robustmq.app.admin.TopicsEndpoint;
import io.robustmq.kernel.Clock;
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
 * {@code /actuator/tokens}: list and revoke what programs log in with. Creating one is in {@link AccountRoutes} under the same
 * path. Thread-safe: immutable.
 */
@WebEndpoint(id = "tokens")
public final class TokensEndpoint {
    private final Accounts accounts;
    private final Clock clock;

    TokensEndpoint(Accounts accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> Mono.just(new WebEndpointResponse<>(Page.of(
                "tokens",
                accounts.tokens(),
                ApiToken::id,
                token -> token.id() + " " + token.description(),
                filter,
                after,
                limit,
                token -> json(token, clock.millis())))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> revoke(@Selector String id) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(() -> accounts.revoke(id))
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    static Map<String, Object> json(ApiToken token, long nowMillis) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", token.id());
        json.put("description", token.description());
        json.put("role", token.role().key());
        json.put("createdBy", token.createdBy());
        json.put("created", Instant.ofEpochMilli(token.createdMillis()).toString());
        json.put(
                "expires",
                token.expiresMillis() == 0
                        ? null
                        : Instant.ofEpochMilli(token.expiresMillis()).toString());
        json.put("expired", token.expired(nowMillis));
        return json;
    }
}
