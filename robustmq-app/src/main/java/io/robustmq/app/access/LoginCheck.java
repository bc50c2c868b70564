/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.access.AdminProperties.Loopback;
import io.robustmq.app.access.LoginException.Reason;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Finds out who sends a request, and whether it is true. Thread-safe: so are its parts. */
final class LoginCheck implements ServerAuthenticationConverter, ReactiveAuthenticationManager {
    static final String TOKEN_PREFIX = "rmq_";
    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";
    private static final String LOOPBACK_NAME = "loopback";

    private final Accounts accounts;
    private final Passwords passwords;
    private final FailedAttempts failed;
    private final Loopback loopback;
    private final ConsoleSessions sessions;
    private final Consumer<Login> wrongPasswords;

    /** @param wrongPasswords told of each that was checked; may block */
    LoginCheck(
            Accounts accounts,
            Passwords passwords,
            FailedAttempts failed,
            Loopback loopback,
            ConsoleSessions sessions,
            Consumer<Login> wrongPasswords) {
        this.sessions = sessions;
        this.wrongPasswords = wrongPasswords;
        this.accounts = accounts;
        this.passwords = passwords;
        this.failed = failed;
        this.loopback = loopback;
    }

    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        return ConsoleLogins.inside().cast(Authentication.class).switchIfEmpty(Mono.defer(() -> fromOutside(exchange)));
    }

    private Mono<Authentication> fromOutside(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        InetAddress address = Callers.address(request);
        String shown = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (shown != null) {
            // Browsers send a password that they remember with what any page wants; tokens they do not remember.
            boolean foreign = request.getMethod() != HttpMethod.GET && Callers.sentByAForeignPage(request);
            return foreign ? Mono.error(wrong()) : Mono.fromCallable(() -> claim(shown, address));
        }
        if (AccessRules.isConsole(request.getPath().pathWithinApplication())) {
            Account account = sessions.account(ConsoleSessions.id(request), !AccessRules.isNews(request));
            if (account != null) {
                return Mono.just(Login.claimed(Login.Way.SESSION, account.name(), "", address)
                        .proved(account.name(), account.role()));
            }
        }
        return loopback == Loopback.OPEN && Callers.isLocal(request)
                ? Mono.just(Login.claimed(Login.Way.LOOPBACK, LOOPBACK_NAME, "", address))
                : Mono.empty();
    }

    private static Login claim(String shown, @Nullable InetAddress address) {
        if (shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            String token = shown.substring(BEARER.length()).trim();
            int end = token.startsWith(TOKEN_PREFIX) ? token.indexOf('_', TOKEN_PREFIX.length()) : -1;
            if (end < 0) {
                throw wrong();
            }
            return Login.claimed(
                    Login.Way.TOKEN, token.substring(TOKEN_PREFIX.length(), end), token.substring(end + 1), address);
        }
        if (!shown.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw wrong();
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(shown.substring(BASIC.length()).trim());
            String pair = new String(decoded, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 0) {
                throw wrong();
            }
            return Login.claimed(Login.Way.PASSWORD, pair.substring(0, colon), pair.substring(colon + 1), address);
        } catch (IllegalArgumentException e) {
            throw wrong();
        }
    }

    /** One sentence for all, so that nobody learns which accounts there are. */
    private static LoginException wrong() {
        return new LoginException(
                Reason.WRONG, "nobody has this name and password, or this token; it may have been revoked", 0);
    }

    @Override
    public Mono<Authentication> authenticate(Authentication authentication) {
        Login login = (Login) authentication;
        if (login.isAuthenticated()) {
            return Mono.just(login);
        }
        if (login.way() == Login.Way.LOOPBACK) {
            return Mono.just(login.proved(LOOPBACK_NAME, AdminRole.ADMIN));
        }
        if (!accounts.isOpen()) {
            return Mono.error(new LoginException(
                    Reason.NOT_YET,
                    "the node starts and does not know its accounts yet; /actuator/health tells when",
                    1));
        }
        return login.way() == Login.Way.TOKEN ? token(login) : password(login);
    }

    private Mono<Authentication> token(Login login) {
        ApiToken token = accounts.token(login.getName());
        if (token == null || !Secrets.same(token.secretHash(), Secrets.sha256(login.secret()))) {
            return Mono.error(wrong());
        }
        return Mono.just(login.proved("token " + token.id(), token.role()));
    }

    private Mono<Authentication> password(Login login) {
        long wait = failed.secondsToWait(login.address());
        if (wait > 0) {
            return Mono.error(new LoginException(
                    Reason.TOO_MANY,
                    "too many wrong passwords from this address: nothing is checked for " + wait + " s",
                    wait));
        }
        Account account = accounts.account(login.getName());
        return passwords
                .matches(login.secret(), account == null ? null : account.passwordHash())
                .onErrorMap(
                        RejectedExecutionException.class,
                        busy -> new LoginException(Reason.TOO_MANY, "too many log in at once: try again", 1))
                .map(right -> {
                    if (!right || account == null) {
                        failed.failed(login.address());
                        wrongPasswords.accept(login);
                        throw wrong();
                    }
                    return login.proved(account.name(), account.role());
                });
    }
}
