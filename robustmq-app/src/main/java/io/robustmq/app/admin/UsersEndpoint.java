/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.UserPort;
import io.robustmq.protocol.UserPort.User;
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

/** {@code /actuator/users}: who may log in. Adding and changing is in {@link UserRoutes} under the same path. Thread-safe: immutable. */
@WebEndpoint(id = "users")
public final class UsersEndpoint {
    private final Ports ports;

    UsersEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> {
            String of = TopicsEndpoint.tenant(tenant);
            Map<String, Object> page = Page.of(
                    "users",
                    users().users(of, null, Integer.MAX_VALUE),
                    User::name,
                    filter,
                    after,
                    limit,
                    UsersEndpoint::json);
            page.put("total", users().count(of));
            return Mono.just(new WebEndpointResponse<>(page));
        });
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> show(@Selector String name, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> {
            User user = users().user(TopicsEndpoint.tenant(tenant), name);
            if (user == null) {
                throw RmqError.NOT_FOUND.exception("there is no user '" + name + "'");
            }
            return Mono.just(new WebEndpointResponse<>(json(user)));
        });
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(@Selector String name, @Nullable String tenant) {
        return TopicsEndpoint.answer(
                () -> Mono.fromCompletionStage(() -> users().deleteUser(TopicsEndpoint.tenant(tenant), name))
                        .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    static Map<String, Object> json(User user) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", user.name());
        json.put("superuser", user.superuser());
        json.put("hash", user.hash());
        json.put("scram", user.scram());
        json.put("created", Instant.ofEpochMilli(user.createdMillis()).toString());
        json.put("changed", Instant.ofEpochMilli(user.changedMillis()).toString());
        return json;
    }

    private UserPort users() {
        return ports.get(UserPort.class);
    }
}
