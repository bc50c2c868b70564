/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.app.admin.Page;
import io.robustmq.app.admin.Problem;
import io.robustmq.app.admin.Query;
import io.robustmq.app.admin.TopicsEndpoint;
import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.app.cluster.Listing;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/alarms}: what is wrong with the nodes, or was. Thread-safe: immutable. */
@WebEndpoint(id = "alarms")
public final class AlarmsEndpoint {
    private static final String ROWS = "alarms";
    private static final String ORDER = "order";
    private static final Listing ACTIVE = new Listing(ROWS, ROWS, "id", Comparator.naturalOrder(), false);
    private static final Listing CLEARED = new Listing("alarms/cleared", ROWS, ORDER, Comparator.naturalOrder(), false);

    private final ClusterAnswers cluster;

    AlarmsEndpoint(AlarmBook book, ClusterAnswers cluster) {
        this.cluster = cluster;
        cluster.offer(ACTIVE.what(), query -> Mono.fromSupplier(() -> own(book.active(), Alarm::id, query)));
        cluster.offer(
                CLEARED.what(),
                query -> Mono.fromSupplier(() -> own(book.history(), AlarmsEndpoint::fromTheLast, query)));
    }

    /**
     * A page of alarms: those that are on by id, or those that are over, the last one first.
     *
     * @param filter only those whose id or message contains it
     * @param severity critical or warning
     * @param cleared whether those that are over are wanted instead
     * @param node only that one's
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter,
            @Nullable String severity,
            @Nullable Boolean cleared,
            @Nullable String after,
            @Nullable Integer limit,
            @Nullable Integer node) {
        return TopicsEndpoint.answer(() -> {
            if (severity != null) {
                severity(severity);
            }
            return cluster.page(
                            Boolean.TRUE.equals(cleared) ? CLEARED : ACTIVE,
                            Query.of("filter", filter, "severity", severity),
                            after,
                            Page.limit(limit),
                            node)
                    .map(WebEndpointResponse::new);
        });
    }

    private static Map<String, Object> own(List<Alarm> alarms, Function<Alarm, String> key, Map<String, String> query) {
        String name = query.get("severity");
        Severity wanted = name == null ? null : severity(name);
        return Page.of(
                ROWS,
                alarms.stream()
                        .filter(alarm -> wanted == null || alarm.severity() == wanted)
                        .toList(),
                key,
                alarm -> alarm.id() + " " + alarm.message(),
                query.get("filter"),
                query.get(Query.AFTER),
                Query.limit(query),
                AlarmsEndpoint::json);
    }

    private static Severity severity(String name) {
        for (Severity each : Severity.values()) {
            if (each.key().equals(name)) {
                return each;
            }
        }
        throw Problem.invalid("severity is critical or warning, not '" + name + "'");
    }

    /** Sorts the last one to go first. */
    private static String fromTheLast(Alarm alarm) {
        Long cleared = alarm.clearedMillis();
        return "%019d-%019d"
                .formatted(Long.MAX_VALUE - (cleared == null ? 0 : cleared), Long.MAX_VALUE - alarm.number());
    }

    private static Map<String, Object> json(Alarm alarm) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", alarm.id());
        json.put("name", alarm.name());
        json.put("of", alarm.of().isEmpty() ? null : alarm.of());
        json.put("severity", alarm.severity().key());
        json.put("node", alarm.node());
        json.put("message", alarm.message());
        json.put("since", Instant.ofEpochMilli(alarm.sinceMillis()).toString());
        Long cleared = alarm.clearedMillis();
        json.put(
                "cleared",
                cleared == null ? null : Instant.ofEpochMilli(cleared).toString());
        json.put("details", alarm.details());
        if (cleared != null) {
            json.put(ORDER, fromTheLast(alarm));
        }
        return json;
    }
}
