/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.audit;

import io.robustmq.app.admin.Page;
import io.robustmq.app.admin.Query;
import io.robustmq.app.admin.TopicsEndpoint;
import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.app.cluster.Listing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** {@code /actuator/audit}: what was done through all nodes, of which each has its own file. Thread-safe: immutable. */
@WebEndpoint(id = "audit")
public final class AuditEndpoint {
    private static final Listing AUDIT = Listing.byNumber("audit", "id", false);

    private final AuditLog log;
    private final ClusterAnswers cluster;

    public AuditEndpoint(AuditLog log, ClusterAnswers cluster) {
        this.log = log;
        this.cluster = cluster;
        cluster.offer(AUDIT.what(), this::own);
    }

    /**
     * The last records, oldest first; {@code next} is the {@code after} that finds what comes behind them.
     *
     * @param filter only those whose account or path contains it
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> tail(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit, @Nullable Integer node) {
        return TopicsEndpoint.answer(
                () -> cluster.tail(AUDIT, Query.of("filter", filter), after, Page.limit(limit), node)
                        .map(WebEndpointResponse::new));
    }

    private Mono<Map<String, Object>> own(Map<String, String> query) {
        String filter = query.getOrDefault("filter", "");
        long from = query.containsKey(Query.AFTER) ? Query.number(query, Query.AFTER) : 0;
        return Mono.fromCallable(() -> log.tail(
                        Query.limit(query),
                        from,
                        each -> each.who().contains(filter) || each.path().contains(filter)))
                .subscribeOn(Schedulers.boundedElastic())
                .map(found -> body(found, from));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> row(AuditRecord each) {
        return JsonMapper.shared().convertValue(each, Map.class);
    }

    private static Map<String, Object> body(List<AuditRecord> found, long from) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("audit", found.stream().map(AuditEndpoint::row).toList());
        body.put("next", found.isEmpty() ? from : found.get(found.size() - 1).id());
        return body;
    }
}
