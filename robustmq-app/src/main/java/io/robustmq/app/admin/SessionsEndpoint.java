/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.app.cluster.Listing;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionPort;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/sessions}: list, show, delete sessions that outlive their connection, on all nodes. Thread-safe: immutable. */
@WebEndpoint(id = "sessions")
public final class SessionsEndpoint {
    private static final Listing SESSIONS = Listing.byText("sessions", "clientId");
    private static final String SHOW = "sessions/show";
    private static final String DELETE = "sessions/delete";
    private static final String CLIENT = "clientId";
    private static final String TENANT = "tenant";
    private static final String FILTER = "filter";

    private final Ports ports;
    private final ClusterAnswers cluster;

    SessionsEndpoint(Ports ports, ClusterAnswers cluster) {
        this.ports = ports;
        this.cluster = cluster;
        cluster.offer(SESSIONS.what(), this::own);
        cluster.offer(SHOW, this::show);
        cluster.offer(
                DELETE,
                query -> Mono.fromCompletionStage(() -> sessions()
                                .delete(TopicsEndpoint.tenant(query.get(TENANT)), query.getOrDefault(CLIENT, "")))
                        .thenReturn(Map.of()));
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
            @Nullable String tenant,
            @Nullable Integer node) {
        Map<String, String> query = Query.of(CLIENT, clientId, FILTER, filter, TENANT, tenant);
        return TopicsEndpoint.answer(() -> (clientId != null
                        ? cluster.find(SHOW, query, node)
                        : cluster.page(SESSIONS, query, after, Page.limit(limit), node))
                .map(WebEndpointResponse::new));
    }

    private Mono<Map<String, Object>> show(Map<String, String> query) {
        return Mono.fromCompletionStage(
                        () -> sessions().show(TopicsEndpoint.tenant(query.get(TENANT)), query.getOrDefault(CLIENT, "")))
                .map(each -> SessionJson.whole(each, behind(each)));
    }

    private Mono<Map<String, Object>> own(Map<String, String> query) {
        int wanted = Query.limit(query);
        return Mono.fromCompletionStage(() -> sessions()
                        .list(
                                TopicsEndpoint.tenant(query.get(TENANT)),
                                query.getOrDefault(FILTER, ""),
                                query.get(Query.AFTER),
                                wanted + 1))
                .map(found -> Page.of(
                        SESSIONS.field(),
                        found,
                        wanted,
                        SessionImage::clientId,
                        each -> SessionJson.row(each, behind(each))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(String clientId, @Nullable String tenant, @Nullable Integer node) {
        return TopicsEndpoint.answer(() -> cluster.find(DELETE, Query.of(CLIENT, clientId, TENANT, tenant), node)
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    private long behind(SessionImage session) {
        return sessions().log().recordsBehind(session.progress().positions());
    }

    private SessionPort sessions() {
        return ports.get(SessionPort.class);
    }
}
