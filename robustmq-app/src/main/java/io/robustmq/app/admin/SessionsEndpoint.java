/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionPort;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/sessions}: list, show, delete sessions that outlive their connection. Thread-safe: immutable. */
@WebEndpoint(id = "sessions")
public final class SessionsEndpoint {
    private final Ports ports;

    SessionsEndpoint(Ports ports) {
        this.ports = ports;
    }

    /**
     * One session with its subscriptions and what is in flight; or, without a client id, a page of those whose client id contains
     * the filter: {@code next} is the {@code after} of the following page.
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String clientId,
            @Nullable String filter,
            @Nullable String after,
            @Nullable Integer limit,
            @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> {
            String of = TopicsEndpoint.tenant(tenant);
            if (clientId != null) {
                return Mono.fromCompletionStage(() -> sessions().show(of, clientId))
                        .map(each -> new WebEndpointResponse<>(SessionJson.whole(each, behind(each))));
            }
            int wanted = Page.limit(limit);
            return Mono.fromCompletionStage(() -> sessions().list(of, filter == null ? "" : filter, after, wanted + 1))
                    .map(found -> new WebEndpointResponse<>(Page.of(
                            "sessions",
                            found,
                            wanted,
                            SessionImage::clientId,
                            each -> SessionJson.row(each, behind(each)))));
        });
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(String clientId, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(
                        () -> sessions().delete(TopicsEndpoint.tenant(tenant), clientId))
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    private long behind(SessionImage session) {
        return sessions().log().recordsBehind(session.progress().positions());
    }

    private SessionPort sessions() {
        return ports.get(SessionPort.class);
    }
}
