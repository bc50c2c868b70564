/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.app.cluster.Listing;
import io.robustmq.protocol.SessionPort;
import io.robustmq.protocol.SessionPort.Subscriptions;
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
 * {@code /actuator/subscriptions}: what clients have subscribed to, whether or not it outlives their connection. Thread-safe:
 * immutable.
 */
@WebEndpoint(id = "subscriptions")
public final class SubscriptionsEndpoint {
    private static final Listing SUBSCRIPTIONS = Listing.byText("subscriptions", "clientId");

    private final Ports ports;
    private final ClusterAnswers cluster;

    SubscriptionsEndpoint(Ports ports, ClusterAnswers cluster) {
        this.ports = ports;
        this.cluster = cluster;
        cluster.offer(SUBSCRIPTIONS.what(), this::own);
    }

    /**
     * A page of so many clients' subscriptions: {@code next} is the {@code after} of the following page.
     *
     * @param clientId only of this one
     * @param filter only those that begin with it
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String clientId,
            @Nullable String filter,
            @Nullable String after,
            @Nullable Integer limit,
            @Nullable String tenant,
            @Nullable Integer node) {
        Map<String, String> query = Query.of("clientId", clientId, "filter", filter, "tenant", tenant);
        return TopicsEndpoint.answer(() -> cluster.page(SUBSCRIPTIONS, query, after, Page.limit(limit), node)
                .map(WebEndpointResponse::new));
    }

    private Mono<Map<String, Object>> own(Map<String, String> query) {
        int wanted = Query.limit(query);
        return Mono.fromCompletionStage(() -> ports.get(SessionPort.class)
                        .subscriptions(
                                TopicsEndpoint.tenant(query.get("tenant")),
                                query.get("clientId"),
                                query.get(Query.AFTER),
                                wanted + 1))
                .map(found -> page(found, wanted, query.getOrDefault("filter", "")));
    }

    private static Map<String, Object> page(List<Subscriptions> found, int wanted, String filter) {
        boolean more = found.size() > wanted;
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Subscriptions client : more ? found.subList(0, wanted) : found) {
            for (StoredSubscription subscription : client.all()) {
                if (subscription.filter().startsWith(filter)) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("clientId", client.clientId());
                    row.put("durable", client.durable());
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
