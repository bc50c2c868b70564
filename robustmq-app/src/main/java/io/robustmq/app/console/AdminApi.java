/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.access.ConsoleLogins;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The admin API as the pages see it: each call goes through the same door, roles, audit log and endpoints as one from the network, in
 * the name of whoever looks at the page, without a socket. Thread-safe: immutable.
 */
final class AdminApi {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final JsonMapper json = JsonMapper.shared();
    private final String basePath;

    AdminApi(String basePath) {
        this.basePath = basePath;
    }

    /**
     * A call.
     *
     * @param path below the API's, each segment encoded
     * @param query those without a value are left out
     * @param body null for none
     */
    record Call(
            HttpMethod method,
            String path,
            Map<String, String> query,
            @Nullable Map<String, Object> body) {
        static Call get(String path, Map<String, String> query) {
            return new Call(HttpMethod.GET, path, query, null);
        }
    }

    /** What was answered: the fields of an object, or the objects of an answer in lines. */
    record Answer(int status, Map<String, Object> fields, List<Map<String, Object>> lines) {
        boolean ok() {
            return status / 100 == 2;
        }

        boolean isAbsent() {
            return status == 404;
        }

        List<Map<String, Object>> rows(String field) {
            return Values.rows(fields.get(field));
        }

        String text(String field) {
            return Values.text(fields.get(field));
        }
    }

    Mono<Answer> call(ServerWebExchange outer, Call call) {
        ApplicationContext context = outer.getApplicationContext();
        if (context == null) {
            return Mono.error(new IllegalStateException("a page without an application"));
        }
        return Mono.defer(() -> {
            byte[] body = call.body() == null ? new byte[0] : json.writeValueAsBytes(call.body());
            InnerRequest request = InnerRequest.of(
                    call.method(), uri(call), body, outer.getRequest().getRemoteAddress());
            InnerResponse response = new InnerResponse();
            return ConsoleLogins.inTheirName(context.getBean(HttpHandler.class)
                    .handle(request, response)
                    .then(Mono.fromCallable(() -> answer(response))));
        });
    }

    private URI uri(Call call) {
        StringBuilder uri = new StringBuilder(basePath).append(call.path());
        char separator = '?';
        for (Map.Entry<String, String> each : call.query().entrySet()) {
            if (!each.getValue().isEmpty()) {
                uri.append(separator).append(each.getKey()).append('=').append(encoded(each.getValue()));
                separator = '&';
            }
        }
        return URI.create(uri.toString());
    }

    static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }

    private Answer answer(InnerResponse response) {
        HttpStatusCode status = response.getStatusCode();
        int code = status == null ? 200 : status.value();
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (body.isBlank()) {
            return new Answer(code, Map.of(), List.of());
        }
        try {
            String type = String.valueOf(response.getHeaders().getFirst("Content-Type"));
            if (type.contains("ndjson")) {
                List<Map<String, Object>> lines = new ArrayList<>();
                body.lines().forEach(line -> lines.add(json.readValue(line, OBJECT)));
                return new Answer(code, Map.of(), lines);
            }
            return new Answer(code, json.readValue(body, OBJECT), List.of());
        } catch (JacksonException e) {
            return new Answer(code, new LinkedHashMap<>(Map.of("detail", "an answer that is no JSON")), List.of());
        }
    }
}
