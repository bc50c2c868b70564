/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.audit.AuditLog;
import io.robustmq.app.audit.AuditLog.Action;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Logging in to the console and out of it, and what protects its forms: with the accounts, the delays and the audit log of the admin
 * API. Thread-safe: immutable but for the sessions.
 */
public final class ConsoleLogins {
    private static final String LOGIN_INSIDE = ConsoleLogins.class.getName();
    private static final int NAME_MAX = 64;

    private final LoginCheck check;
    private final Accounts accounts;
    private final ConsoleSessions sessions;
    private final AuditLog audit;
    private final Secrets secrets = new Secrets();
    private final String processSecret = secrets.tokenSecret();

    ConsoleLogins(LoginCheck check, Accounts accounts, ConsoleSessions sessions, AuditLog audit) {
        this.check = check;
        this.accounts = accounts;
        this.sessions = sessions;
        this.audit = audit;
    }

    /**
     * Who looks at a page.
     *
     * @param session whether they can log out
     */
    public record Visitor(String name, AdminRole role, boolean session) {
        public boolean may(AdminRole needed) {
            return role.compareTo(needed) >= 0;
        }
    }

    /** How a log-in ended; {@code cookie} is null when it was refused, and the rest says why. */
    public record Outcome(@Nullable String cookie, int status, String told, long retryAfterSeconds) {}

    /** Empty for nobody. */
    public Mono<Visitor> visitor() {
        return login().map(login -> new Visitor(login.getName(), role(login), login.way() == Login.Way.SESSION));
    }

    private static Mono<Login> login() {
        return ReactiveSecurityContextHolder.getContext()
                .mapNotNull(SecurityContext::getAuthentication)
                .ofType(Login.class);
    }

    private static AdminRole role(Login login) {
        return Arrays.stream(AdminRole.values())
                .filter(role -> login.getAuthorities().stream()
                        .anyMatch(each -> role.authority().equals(each.getAuthority())))
                .reduce(AdminRole.VIEWER, (lower, higher) -> higher);
    }

    public Mono<Outcome> enter(ServerWebExchange exchange, String name, String password) {
        InetAddress address = Callers.address(exchange.getRequest());
        return check.authenticate(Login.claimed(Login.Way.PASSWORD, name, password, address))
                .cast(Login.class)
                .mapNotNull(login -> accounts.account(login.getName()))
                .flatMap(account -> write("LOGIN", account.name(), Login.claimed(Login.Way.SESSION, "", "", address))
                        .thenReturn(new Outcome(sessions.open(account), 200, "", 0)))
                .onErrorResume(LoginException.class, refused -> Mono.just(refused(refused)));
    }

    private static Outcome refused(LoginException refused) {
        String told = String.valueOf(refused.getMessage());
        return switch (refused.reason()) {
            case WRONG -> new Outcome(null, 401, "Nobody has this name and password.", 0);
            case TOO_MANY -> new Outcome(null, 429, told, refused.retryAfterSeconds());
            case NOT_YET -> new Outcome(null, 503, told, refused.retryAfterSeconds());
        };
    }

    public Mono<Void> leave(ServerWebExchange exchange) {
        sessions.close(ConsoleSessions.id(exchange.getRequest()));
        return login().flatMap(login -> write("LOGOUT", login.getName(), login));
    }

    private Mono<Void> write(String what, String name, Login login) {
        String who = name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX);
        return Mono.<Void>fromRunnable(() ->
                        audit.append(new Action(who, login.way().key(), login.from(), what, "", null, Map.of(), 200)))
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** The cookie of whoever has none yet: forms are bound to it, whether or not somebody is logged in. */
    public String newVisit() {
        return secrets.tokenSecret();
    }

    public @Nullable String visit(ServerWebExchange exchange) {
        return ConsoleSessions.id(exchange.getRequest());
    }

    public ResponseCookie cookie(String visit, ServerWebExchange exchange) {
        return ResponseCookie.from(ConsoleSessions.COOKIE, visit)
                .path("/" + AccessRules.CONSOLE)
                .httpOnly(true)
                .sameSite("Strict")
                .secure("https".equals(exchange.getRequest().getURI().getScheme()))
                .build();
    }

    /** What a form of this visit carries; a page of another site cannot know it. */
    public String formToken(String visit) {
        return Secrets.sha256(processSecret + visit);
    }

    public boolean isOurForm(ServerWebExchange exchange, @Nullable String shown) {
        String visit = visit(exchange);
        return visit != null && shown != null && Secrets.same(formToken(visit), shown);
    }

    /** A call of the admin API from inside the process, in the name of whoever asks now. */
    public static <T> Mono<T> inTheirName(Mono<T> call) {
        return login().flatMap(login -> call.contextWrite(context -> context.put(LOGIN_INSIDE, login)));
    }

    /** Who makes such a call; nothing from the network gets there. */
    static Mono<Login> inside() {
        return Mono.deferContextual(context -> Mono.justOrEmpty(context.getOrEmpty(LOGIN_INSIDE)));
    }
}
