/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.audit;

import io.robustmq.app.admin.Page;
import io.robustmq.app.admin.TopicsEndpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code /actuator/audit}: what was done through this node, the last first to go. Thread-safe: immutable. */
@WebEndpoint(id = "audit")
public final class AuditEndpoint {
    private final AuditLog log;

    public AuditEndpoint(AuditLog log) {
        this.log = log;
    }

    /**
     * The last records, oldest first; {@code next} is the {@code after} that finds what comes behind them.
     *
     * @param filter only those whose account or path contains it
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> tail(
            @Nullable String filter, @Nullable Long after, @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> {
            int wanted = Page.limit(limit);
            long from = after == null ? 0 : after;
            return Mono.fromCallable(() -> log.tail(
                            wanted,
                            from,
                            each -> filter == null
                                    || each.who().contains(filter)
                                    || each.path().contains(filter)))
                    .subscribeOn(Schedulers.boundedElastic())
                    .map(found -> new WebEndpointResponse<>(body(found, from)));
        });
    }

    private static Map<String, Object> body(List<AuditRecord> found, long from) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("audit", found);
        body.put("next", found.isEmpty() ? from : found.get(found.size() - 1).id());
        return body;
    }
}
