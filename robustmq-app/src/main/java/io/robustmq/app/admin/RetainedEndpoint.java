/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.RetainedPort;
import io.robustmq.protocol.RetainedPort.Retained;
import io.robustmq.protocol.StoredMessage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code /actuator/retained}: list, show, delete retained messages. Thread-safe: immutable. */
@WebEndpoint(id = "retained")
public final class RetainedEndpoint {
    private final Ports ports;

    RetainedEndpoint(Ports ports) {
        this.ports = ports;
    }

    /**
     * The message of one subject with its payload; or, without a subject, a page of those that the filter matches, by subject:
     * {@code next} is the {@code after} of the following page.
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String subject,
            @Nullable String filter,
            @Nullable String after,
            @Nullable Integer limit,
            @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> {
            String of = TopicsEndpoint.tenant(tenant);
            if (subject != null) {
                return Mono.just(new WebEndpointResponse<>(show(of, subject)));
            }
            int wanted = Page.limit(limit);
            if (filter != null
                    && !Subjects.isLegalFilter(Spelling.SLASH, filter)
                    && !Subjects.isLegalFilter(Spelling.DOT, filter)) {
                throw Problem.invalid("'" + filter + "' is no filter");
            }
            // It walks over all of them, which is nothing for the thread of a connection.
            return Mono.fromCallable(() -> page(of, filter, after, wanted)).subscribeOn(Schedulers.boundedElastic());
        });
    }

    private WebEndpointResponse<Object> page(
            String tenant, @Nullable String filter, @Nullable String after, int wanted) {
        RetainedPort retained = ports.get(RetainedPort.class);
        List<Retained> found = retained.list(tenant, filter, after, wanted + 1);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("total", retained.count());
        body.putAll(Page.of(
                "retained", found, wanted, each -> each.message().subject().text(), RetainedEndpoint::row));
        return new WebEndpointResponse<>(body);
    }

    private Map<String, Object> show(String tenant, String subject) {
        Retained found = ports.get(RetainedPort.class).get(tenant, subject);
        if (found == null) {
            throw nothing(subject);
        }
        Map<String, Object> row = row(found);
        Bytes.put(row, "payload", found.message().payload());
        return row;
    }

    private static RuntimeException nothing(String subject) {
        return RmqError.NOT_FOUND.exception("there is no retained message under '" + subject + "'");
    }

    private static Map<String, Object> row(Retained each) {
        StoredMessage message = each.message();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("subject", message.subject().text());
        row.put("qos", message.qos());
        row.put("bytes", message.payload().length);
        row.put("protocol", message.protocol());
        row.put("published", Instant.ofEpochMilli(each.publishedMillis()).toString());
        row.put(
                "expires",
                message.expiresAtMillis() == 0
                        ? null
                        : Instant.ofEpochMilli(message.expiresAtMillis()).toString());
        return row;
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(String subject, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(
                        () -> ports.get(RetainedPort.class).delete(TopicsEndpoint.tenant(tenant), subject))
                .map(deleted -> {
                    if (!deleted) {
                        throw nothing(subject);
                    }
                    return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
                }));
    }
}
