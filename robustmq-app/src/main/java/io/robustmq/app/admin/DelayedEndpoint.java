/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.DelayPort.Delayed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/delayed}: list, show, cancel messages that wait for their time. Thread-safe: immutable. */
@WebEndpoint(id = "delayed")
public final class DelayedEndpoint {
    private static final int PAGE_MAX = 1000;

    private final Ports ports;

    DelayedEndpoint(Ports ports) {
        this.ports = ports;
    }

    /** A page by due time; {@code next} is the {@code after} of the following page, which may come with few messages or none. */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String tenant,
            @Nullable String filter,
            @Nullable String client,
            @Nullable String after,
            @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> {
            int wanted = Page.limit(limit, PAGE_MAX);
            DelayPort.Query query = new DelayPort.Query(TopicsEndpoint.tenant(tenant), filter, client, after, wanted);
            return Mono.fromCompletionStage(() -> delays().list(query)).map(page -> {
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("total", delays().count());
                body.put(
                        "delayed",
                        page.delayed().stream().map(DelayedEndpoint::json).toList());
                body.put("next", page.next());
                return new WebEndpointResponse<>(body);
            });
        });
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> show(@Selector String id, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(
                        () -> delays().show(TopicsEndpoint.tenant(tenant), id))
                .map(delayed -> {
                    Map<String, Object> json = json(delayed);
                    payload(json, delayed.payload());
                    return new WebEndpointResponse<>(json);
                }));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> cancel(@Selector String id, @Nullable String tenant) {
        return TopicsEndpoint.answer(
                () -> Mono.fromCompletionStage(() -> delays().cancel(TopicsEndpoint.tenant(tenant), id))
                        .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    private static Map<String, Object> json(Delayed delayed) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", delayed.id());
        json.put("protocol", delayed.protocol());
        json.put("subject", delayed.subject());
        json.put("client", delayed.client());
        json.put("user", delayed.user());
        json.put("qos", delayed.qos());
        json.put("retain", delayed.retain());
        json.put("accepted", Instant.ofEpochMilli(delayed.acceptedMillis()).toString());
        json.put("due", Instant.ofEpochMilli(delayed.dueMillis()).toString());
        json.put(
                "expires",
                delayed.expiresAtMillis() == 0
                        ? null
                        : Instant.ofEpochMilli(delayed.expiresAtMillis()).toString());
        json.put("payloadBytes", delayed.payload().length);
        return json;
    }

    private static void payload(Map<String, Object> json, byte[] payload) {
        try {
            json.put(
                    "payload",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(payload))
                            .toString());
        } catch (CharacterCodingException notText) {
            json.put("payload", Base64.getEncoder().encodeToString(payload));
            json.put("payloadEncoding", "base64");
        }
    }

    private DelayPort delays() {
        return ports.get(DelayPort.class);
    }
}
