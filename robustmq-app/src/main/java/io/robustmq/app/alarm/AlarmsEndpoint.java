/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.app.admin.Page;
import io.robustmq.app.admin.Problem;
import io.robustmq.app.admin.TopicsEndpoint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/alarms}: what is wrong with this node, or was. Thread-safe: immutable. */
@WebEndpoint(id = "alarms")
public final class AlarmsEndpoint {
    private final AlarmBook book;

    AlarmsEndpoint(AlarmBook book) {
        this.book = book;
    }

    /**
     * A page of alarms: those that are on by id, or those that are over, the last one first.
     *
     * @param filter only those whose id or message contains it
     * @param severity critical or warning
     * @param cleared whether those that are over are wanted instead
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter,
            @Nullable String severity,
            @Nullable Boolean cleared,
            @Nullable String after,
            @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> {
            Severity wanted = severity == null ? null : severity(severity);
            boolean over = Boolean.TRUE.equals(cleared);
            List<Alarm> alarms = (over ? book.history() : book.active())
                    .stream()
                            .filter(alarm -> wanted == null || alarm.severity() == wanted)
                            .toList();
            return Mono.just(new WebEndpointResponse<>(Page.of(
                    "alarms",
                    alarms,
                    over ? AlarmsEndpoint::fromTheLast : Alarm::id,
                    alarm -> alarm.id() + " " + alarm.message(),
                    filter,
                    after,
                    limit,
                    AlarmsEndpoint::json)));
        });
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
        return json;
    }
}
