/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/sessions}: list, show, delete sessions that outlive their connection. Thread-safe: immutable. */
@WebEndpoint(id = "sessions")
public final class SessionsEndpoint {
    static final int PAGE_DEFAULT = 100;
    static final int PAGE_MAX = 10_000;

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
            int wanted = limit(limit);
            return Mono.fromCompletionStage(() -> sessions().list(of, filter == null ? "" : filter, after, wanted + 1))
                    .map(found -> new WebEndpointResponse<>(page(found, wanted)));
        });
    }

    static int limit(@Nullable Integer limit) {
        int wanted = limit == null ? PAGE_DEFAULT : limit;
        if (wanted < 1 || wanted > PAGE_MAX) {
            throw Problem.invalid("limit is a number from 1 to " + PAGE_MAX + ", not " + limit);
        }
        return wanted;
    }

    private Map<String, Object> page(List<SessionImage> found, int wanted) {
        boolean more = found.size() > wanted;
        List<SessionImage> shown = more ? found.subList(0, wanted) : found;
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "sessions",
                shown.stream().map(each -> SessionJson.row(each, behind(each))).toList());
        body.put("next", more ? shown.get(shown.size() - 1).clientId() : null);
        return body;
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
