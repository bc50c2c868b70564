/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Takes the requests for pages out of the chain, behind the door of the admin port. It makes the pages when the first one is asked for:
 * a node that nobody looks at loads nothing of them. Thread-safe: guarded by this until the pages are there.
 */
final class ConsoleFilter implements WebFilter, Ordered {
    static final String PATH = "/console";
    /** Behind the door of the admin port. */
    private static final int ORDER = -99;

    private final Supplier<Pages> maker;
    private volatile @Nullable Pages pages;

    ConsoleFilter(Supplier<Pages> maker) {
        this.maker = maker;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        String path = request.getPath().pathWithinApplication().value();
        if (path.equals(PATH) || path.startsWith(PATH + "/")) {
            return pages().answer(exchange);
        }
        String accepted = request.getHeaders().getFirst(HttpHeaders.ACCEPT);
        if (path.equals("/")
                && request.getMethod() == HttpMethod.GET
                && accepted != null
                && accepted.contains("text/html")) {
            ServerHttpResponse response = exchange.getResponse();
            response.setStatusCode(HttpStatus.SEE_OTHER);
            response.getHeaders().set(HttpHeaders.LOCATION, PATH + "/");
            return response.setComplete();
        }
        return chain.filter(exchange);
    }

    private Pages pages() {
        Pages made = pages;
        if (made == null) {
            synchronized (this) {
                made = pages;
                if (made == null) {
                    made = maker.get();
                    pages = made;
                }
            }
        }
        return made;
    }
}
