/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers a scraper that prefers the binary format, as Prometheus does when it looks for native histograms, with text: the
 * jar has no protobuf for metrics, and Actuator would choose it and fail. Immutable.
 */
final class TextScrapes implements WebFilter {
    private static final String BINARY = "vnd.google.protobuf";

    private final String path;

    TextScrapes(String path) {
        this.path = path;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!exchange.getRequest().getPath().value().equals(path)) {
            return chain.filter(exchange);
        }
        List<MediaType> accepted;
        try {
            accepted = exchange.getRequest().getHeaders().getAccept();
        } catch (InvalidMediaTypeException e) {
            return chain.filter(exchange);
        }
        List<MediaType> text = accepted.stream()
                .filter(type -> !type.getSubtype().equals(BINARY))
                .toList();
        if (text.size() == accepted.size()) {
            return chain.filter(exchange);
        }
        return chain.filter(exchange.mutate()
                .request(request -> request.headers(headers -> accept(headers, text)))
                .build());
    }

    private static void accept(HttpHeaders headers, List<MediaType> text) {
        if (text.isEmpty()) {
            headers.remove(HttpHeaders.ACCEPT);
        } else {
            headers.setAccept(text);
        }
    }
}
