/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.admin.Problem;
import io.robustmq.app.admin.RequestBodies;
import io.robustmq.app.admin.TopicRoutes;
import io.robustmq.kernel.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Adding and changing accounts and tokens: what {@link AdminsEndpoint} and {@link TokensEndpoint} cannot express. Thread-safe: immutable. */
final class AccountRoutes {
    private static final int DESCRIPTION_MAX = 200;

    private final Accounts accounts;
    private final Passwords passwords;
    private final Clock clock;
    private final String basePath;
    private final Secrets secrets = new Secrets();

    /** @param basePath where Actuator's endpoints are */
    AccountRoutes(Accounts accounts, Passwords passwords, Clock clock, String basePath) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.clock = clock;
        this.basePath = basePath;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(basePath + "/admins", request -> TopicRoutes.answer(request, this::add))
                .withAttribute(RequestBodies.ATTRIBUTE, NewAccount.class)
                .PATCH(basePath + "/admins/{name}", request -> TopicRoutes.answer(request, this::change))
                .withAttribute(RequestBodies.ATTRIBUTE, ChangedAccount.class)
                .POST(basePath + "/tokens", request -> TopicRoutes.answer(request, this::token))
                .withAttribute(RequestBodies.ATTRIBUTE, NewToken.class)
                .build();
    }

    /** The body of a new account; without a password, one is generated and answered. */
    record NewAccount(
            @Nullable String name,
            @Nullable String role,
            @Nullable String password) {
        @Override
        public String toString() {
            return "NewAccount[" + name + ", " + role + "]";
        }
    }

    /** The body of a change; what is left out stays. */
    record ChangedAccount(@Nullable String role, @Nullable String password) {
        @Override
        public String toString() {
            return "ChangedAccount[" + role + "]";
        }
    }

    /** The body of a new token; {@code expiresIn} is a duration, left out for a token without end. */
    record NewToken(
            @Nullable String description,
            @Nullable String role,
            @Nullable String expiresIn) {}

    private Mono<ServerResponse> add(ServerRequest request) {
        return request.bodyToMono(NewAccount.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says which account to add")))
                .flatMap(body -> {
                    String name = Accounts.checkedName(body.name());
                    AdminRole role = AdminRole.parse(body.role());
                    String password = body.password() == null ? secrets.password() : Passwords.checked(body.password());
                    return passwords
                            .hash(password)
                            .flatMap(hash -> Mono.fromCompletionStage(() -> accounts.add(name, role, hash)))
                            .flatMap(account -> {
                                Map<String, Object> answer = AdminsEndpoint.json(account);
                                if (body.password() == null) {
                                    answer.put("password", password);
                                }
                                return created(answer);
                            });
                });
    }

    private Mono<ServerResponse> change(ServerRequest request) {
        return request.bodyToMono(ChangedAccount.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says what to change")))
                .flatMap(body -> {
                    if (body.role() == null && body.password() == null) {
                        throw Problem.invalid("role and password are missing; they say what to change");
                    }
                    String name = request.pathVariable("name");
                    AdminRole role = body.role() == null ? null : AdminRole.parse(body.role());
                    if (body.password() == null) {
                        return Mono.fromCompletionStage(() -> accounts.change(name, role, null));
                    }
                    return passwords
                            .hash(Passwords.checked(body.password()))
                            .flatMap(hash -> Mono.fromCompletionStage(() -> accounts.change(name, role, hash)));
                })
                .flatMap(account -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(AdminsEndpoint.json(account)));
    }

    private Mono<ServerResponse> token(ServerRequest request) {
        return request.bodyToMono(NewToken.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says which token to create")))
                .zipWith(by())
                .flatMap(bodyAndBy -> {
                    NewToken body = bodyAndBy.getT1();
                    String secret = secrets.tokenSecret();
                    long now = clock.millis();
                    ApiToken token = new ApiToken(
                            secrets.tokenId(),
                            description(body.description()),
                            AdminRole.parse(body.role()),
                            Secrets.sha256(secret),
                            bodyAndBy.getT2(),
                            now,
                            body.expiresIn() == null ? 0 : now + duration(body.expiresIn()));
                    return Mono.fromCompletionStage(() -> accounts.add(token)).flatMap(added -> {
                        Map<String, Object> answer = TokensEndpoint.json(added, now);
                        answer.put("token", LoginCheck.TOKEN_PREFIX + added.id() + "_" + secret);
                        return created(answer);
                    });
                });
    }

    private static Mono<String> by() {
        return ReactiveSecurityContextHolder.getContext()
                .mapNotNull(context -> context.getAuthentication())
                .map(Authentication::getName)
                .defaultIfEmpty("unknown");
    }

    private static String description(@Nullable String text) {
        if (text == null || text.isBlank() || text.length() > DESCRIPTION_MAX) {
            throw Problem.invalid("a token needs a description of at most " + DESCRIPTION_MAX
                    + " characters: who uses it and what for");
        }
        return text.strip();
    }

    private static long duration(String text) {
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            if (duration.toMillis() > 0) {
                return duration.toMillis();
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Told below.
        }
        throw Problem.invalid("expiresIn is a duration like 12h or 90d, not '" + text + "'");
    }

    private static Mono<ServerResponse> created(Map<String, Object> answer) {
        return ServerResponse.status(201)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(answer);
    }
}
