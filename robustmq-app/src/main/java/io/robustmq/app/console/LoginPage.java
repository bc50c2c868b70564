/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.access.ConsoleLogins;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** The log-in page. Thread-safe: immutable. */
final class LoginPage {
    private final ConsoleLogins logins;

    LoginPage(ConsoleLogins logins) {
        this.logins = logins;
    }

    /** Where to go, or what to show. */
    record Result(String location, @Nullable PageView view) {}

    PageView form(Asked asked, String name) {
        return PageView.of("login", "Log in")
                .with("next", next(asked.parameter("next")))
                .with("name", name);
    }

    Mono<Result> enter(Asked asked, Map<String, String> form) {
        String name = form.getOrDefault("name", "");
        return logins.enter(asked.exchange(), name, form.getOrDefault("password", ""))
                .map(outcome -> {
                    String next = next(form.getOrDefault("next", ""));
                    if (outcome.cookie() != null) {
                        // Another cookie than before: one that somebody else has planted is worth nothing.
                        asked.exchange().getResponse().addCookie(logins.cookie(outcome.cookie(), asked.exchange()));
                        return new Result(next, null);
                    }
                    if (outcome.retryAfterSeconds() > 0) {
                        asked.exchange()
                                .getResponse()
                                .getHeaders()
                                .set(HttpHeaders.RETRY_AFTER, Long.toString(outcome.retryAfterSeconds()));
                    }
                    return new Result(
                            "",
                            form(asked, name)
                                    .with("next", next)
                                    .with("problem", outcome.told())
                                    .status(outcome.status()));
                });
    }

    /** A page of ours, whatever the address says. */
    private static String next(String asked) {
        boolean isOurs = asked.startsWith("/console/")
                && !asked.startsWith("/console/login")
                && asked.chars().noneMatch(c -> c <= ' ' || c == '\\' || c > '~');
        return isOurs ? asked : "/console/";
    }
}
