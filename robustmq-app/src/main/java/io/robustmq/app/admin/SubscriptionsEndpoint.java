/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionPort;
import io.robustmq.protocol.StoredSubscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/subscriptions}: the subscriptions of sessions that outlive their connection, by client id. Thread-safe:
 * immutable.
 */
@WebEndpoint(id = "subscriptions")
public final class SubscriptionsEndpoint {
    private final Ports ports;

    SubscriptionsEndpoint(Ports ports) {
        this.ports = ports;
    }

    /**
     * A page of so many sessions' subscriptions: {@code next} is the {@code after} of the following page.
     *
     * @param filter only those that contain it
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> {
            int wanted = SessionsEndpoint.limit(limit);
            return Mono.fromCompletionStage(() ->
                            ports.get(SessionPort.class).list(TopicsEndpoint.tenant(tenant), "", after, wanted + 1))
                    .map(found -> new WebEndpointResponse<>(page(found, wanted, filter == null ? "" : filter)));
        });
    }

    private static Map<String, Object> page(List<SessionImage> found, int wanted, String filter) {
        boolean more = found.size() > wanted;
        List<Map<String, Object>> rows = new ArrayList<>();
        for (SessionImage session : more ? found.subList(0, wanted) : found) {
            for (StoredSubscription subscription : session.subscriptions()) {
                if (subscription.filter().contains(filter)) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("clientId", session.clientId());
                    row.putAll(SessionJson.subscription(subscription));
                    rows.add(row);
                }
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("subscriptions", rows);
        body.put("next", more ? found.get(wanted - 1).clientId() : null);
        return body;
    }
}
