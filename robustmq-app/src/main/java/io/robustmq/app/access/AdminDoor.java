/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.access.LoginException.Reason;
import io.robustmq.app.admin.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.server.MatcherSecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authentication.ServerAuthenticationEntryPointFailureHandler;
import org.springframework.security.web.server.authorization.AuthorizationWebFilter;
import org.springframework.security.web.server.authorization.ExceptionTranslationWebFilter;
import org.springframework.security.web.server.context.SecurityContextServerWebExchangeWebFilter;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.header.HttpHeaderWriterWebFilter;
import org.springframework.security.web.server.header.StaticServerHttpHeadersWriter;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/**
 * The one door of the admin port: Spring Security's filters, put together by hand, because its own configuration costs a
 * dozen beans at every start. Thread-safe: immutable.
 */
final class AdminDoor implements WebFilter, Ordered {
    /** Where Spring Boot puts Spring Security's filters, too. */
    private static final int ORDER = -100;

    private static final int DRAINED_BUFFERS_MAX = 64;
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(1);

    private final WebFilterChainProxy filters;

    /** @param audit sees every request of somebody, refused ones included */
    AdminDoor(LoginCheck check, AccessRules rules, WebFilter audit) {
        AuthenticationWebFilter login = new AuthenticationWebFilter(check);
        login.setServerAuthenticationConverter(check);
        login.setAuthenticationFailureHandler(new ServerAuthenticationEntryPointFailureHandler(AdminDoor::refuse));
        ExceptionTranslationWebFilter translation = new ExceptionTranslationWebFilter();
        translation.setAuthenticationEntryPoint(AdminDoor::refuse);
        translation.setAccessDeniedHandler((exchange, denied) -> forbid(exchange, rules));
        AuthorizationWebFilter authorization =
                new AuthorizationWebFilter((who, exchange) -> authorize(who, exchange, rules));
        WebFilterChainProxy proxy = new WebFilterChainProxy(new MatcherSecurityWebFilterChain(
                ServerWebExchangeMatchers.anyExchange(),
                List.of(
                        headers(),
                        login,
                        new SecurityContextServerWebExchangeWebFilter(),
                        audit,
                        translation,
                        authorization)));
        proxy.setFirewall(firewall());
        this.filters = proxy;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return filters.filter(exchange, chain);
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    private static HttpHeaderWriterWebFilter headers() {
        return new HttpHeaderWriterWebFilter(StaticServerHttpHeadersWriter.builder()
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build());
    }

    /** Names of groups may hold slashes and percents; {@link AccessRules} reads paths as the routes do. */
    private static StrictServerWebExchangeFirewall firewall() {
        StrictServerWebExchangeFirewall firewall = new StrictServerWebExchangeFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowUrlEncodedPeriod(true);
        firewall.setAllowSemicolon(true);
        firewall.setAllowBackSlash(true);
        return firewall;
    }

    private static Mono<AuthorizationResult> authorize(
            Mono<Authentication> who, ServerWebExchange exchange, AccessRules rules) {
        AdminRole needed = needed(exchange, rules);
        if (needed == null) {
            return Mono.just(new AuthorizationDecision(true));
        }
        return who.<AuthorizationResult>map(login -> new AuthorityAuthorizationDecision(
                        login.getAuthorities().stream()
                                .anyMatch(each -> needed.authority().equals(each.getAuthority())),
                        List.copyOf(needed.authorities())))
                .defaultIfEmpty(new AuthorizationDecision(false));
    }

    private static @Nullable AdminRole needed(ServerWebExchange exchange, AccessRules rules) {
        ServerHttpRequest request = exchange.getRequest();
        return rules.needed(request.getMethod(), request.getPath().pathWithinApplication());
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, AuthenticationException failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (showsPages(exchange.getRequest())) {
            return drained(exchange).then(Mono.defer(() -> toTheForm(exchange)));
        }
        Reason reason = failure instanceof LoginException known ? known.reason() : Reason.WRONG;
        if (failure instanceof LoginException known && known.retryAfterSeconds() > 0) {
            response.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(known.retryAfterSeconds()));
        }
        String told = failure instanceof LoginException ? String.valueOf(failure.getMessage()) : "nobody is logged in";
        Problem problem = switch (reason) {
            case WRONG ->
                new Problem(
                        HttpStatus.UNAUTHORIZED,
                        "UNAUTHENTICATED",
                        told,
                        "log in: HTTP basic with an account, or Authorization: Bearer with a token of"
                                + " /actuator/tokens");
            case TOO_MANY ->
                new Problem(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "TOO_MANY_ATTEMPTS",
                        told,
                        "wait as long as Retry-After says, then log in with the right password");
            case NOT_YET ->
                new Problem(HttpStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", told, "try again when the node is ready");
        };
        if (reason == Reason.WRONG) {
            response.getHeaders().add(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"RobustMQ\", charset=\"UTF-8\"");
            response.getHeaders().add(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"RobustMQ\"");
        }
        return drained(exchange).then(problem.write(response));
    }

    /** People log in with a form, and whoever shows a header is a program. */
    private static boolean showsPages(ServerHttpRequest request) {
        return AccessRules.isConsole(request.getPath().pathWithinApplication())
                && request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION) == null;
    }

    private static Mono<Void> toTheForm(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String form = "/" + AccessRules.CONSOLE + "/login";
        HttpHeaders headers = exchange.getResponse().getHeaders();
        if (request.getHeaders().getFirst("HX-Request") != null) {
            // A part of a page: htmx opens the form instead of the whole page.
            exchange.getResponse().setStatusCode(HttpStatus.UNAUTHORIZED);
            headers.set("HX-Redirect", form);
        } else {
            String rawQuery = request.getURI().getRawQuery();
            String asked = request.getPath().value() + (rawQuery == null ? "" : "?" + rawQuery);
            exchange.getResponse().setStatusCode(HttpStatus.SEE_OTHER);
            headers.set(
                    HttpHeaders.LOCATION,
                    request.getMethod() == HttpMethod.GET
                            ? form + "?next=" + UriUtils.encodeQueryParam(asked, StandardCharsets.UTF_8)
                            : form);
        }
        return exchange.getResponse().setComplete();
    }

    private static Mono<Void> forbid(ServerWebExchange exchange, AccessRules rules) {
        AdminRole needed = needed(exchange, rules);
        String role = needed == null ? "" : needed.key();
        Problem problem = new Problem(
                HttpStatus.FORBIDDEN,
                "UNAUTHORIZED",
                exchange.getRequest().getMethod() + " "
                        + exchange.getRequest().getPath().value() + " needs the role " + role,
                "log in with an account or a token that has the role " + role);
        return drained(exchange).then(problem.write(exchange.getResponse()));
    }

    /** A connection that is closed over bytes that nobody has read is reset, and the client may lose the answer. */
    private static Mono<Void> drained(ServerWebExchange exchange) {
        return exchange.getRequest()
                .getBody()
                .doOnNext(DataBufferUtils::release)
                .take(DRAINED_BUFFERS_MAX)
                .then()
                .timeout(DRAINED_WITHIN, Mono.empty());
    }
}
