/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.audit;

import io.robustmq.app.audit.AuditLog.Action;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Set;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Writes down each request that may change something, before its answer leaves. Requests of nobody are not written down, or
 * anybody could push the older records out. Thread-safe: immutable.
 */
public final class AuditFilter implements WebFilter {
    private static final Set<String> LIMITS = Set.of(
            "connections",
            "connectionsPerSecond",
            "sessions",
            "topics",
            "messagesPerSecond",
            "bytesPerSecond",
            "bytesOutPerSecond");

    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final int BODY_BYTES_MAX = 16 * 1024;

    private final AuditLog log;
    private final Identity identity;

    /** Tells who sends a request. */
    @FunctionalInterface
    public interface Identity {
        /** Empty for nobody. */
        Mono<Who> of(ServerWebExchange exchange);
    }

    /** Who sends a request, and how that was proved. */
    public record Who(String name, String way, String from) {}

    public AuditFilter(AuditLog log, Identity identity) {
        this.log = log;
        this.identity = identity;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (LOOKING.contains(exchange.getRequest().getMethod())) {
            return chain.filter(exchange);
        }
        return identity.of(exchange)
                .map(java.util.Optional::of)
                .defaultIfEmpty(java.util.Optional.empty())
                .flatMap(who -> who.isEmpty() ? chain.filter(exchange) : audited(exchange, chain, who.get()));
    }

    private Mono<Void> audited(ServerWebExchange exchange, WebFilterChain chain, Who who) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        exchange.getResponse()
                .beforeCommit(() -> Mono.<Void>fromRunnable(() -> log.append(action(exchange, who, body)))
                        .subscribeOn(Schedulers.boundedElastic()));
        MediaType type = exchange.getRequest().getHeaders().getContentType();
        boolean isJson = type != null && type.isCompatibleWith(MediaType.APPLICATION_JSON);
        return chain.filter(
                isJson
                        ? exchange.mutate()
                                .request(new Listening(exchange.getRequest(), body))
                                .build()
                        : exchange);
    }

    private static Action action(ServerWebExchange exchange, Who who, ByteArrayOutputStream body) {
        ServerHttpRequest request = exchange.getRequest();
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        byte[] seen = body.toByteArray();
        return new Action(
                who.name(),
                who.way(),
                who.from(),
                request.getMethod().name(),
                request.getPath().value(),
                request.getURI().getRawQuery(),
                seen.length > BODY_BYTES_MAX ? Map.of("body", BodyFields.HIDDEN) : BodyFields.of(seen, also(request)),
                status == null ? 200 : status.value());
    }

    /** Keys that change while nodes run are limits and log levels; a rule's value, and a ban's, is whom it is about. */
    private static Set<String> also(ServerHttpRequest request) {
        String path = request.getPath().value();
        if (path.endsWith("/quotas")) {
            return LIMITS;
        }
        boolean shown = path.contains("/config/") || path.endsWith("/acls") || path.endsWith("/blacklist");
        return shown ? Set.of("value") : Set.of();
    }

    /** Keeps what passes of the body. Confined to the one reader of the request. */
    private static final class Listening extends ServerHttpRequestDecorator {
        private final ByteArrayOutputStream kept;

        Listening(ServerHttpRequest request, ByteArrayOutputStream kept) {
            super(request);
            this.kept = kept;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return super.getBody().doOnNext(this::keep);
        }

        private void keep(DataBuffer buffer) {
            int wanted = Math.min(buffer.readableByteCount(), BODY_BYTES_MAX + 1 - kept.size());
            if (wanted > 0) {
                byte[] bytes = new byte[wanted];
                buffer.toByteBuffer(buffer.readPosition(), java.nio.ByteBuffer.wrap(bytes), 0, wanted);
                kept.write(bytes, 0, wanted);
            }
        }
    }
}
