/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.access.ConsoleLogins;
import io.robustmq.app.access.ConsoleLogins.Visitor;
import io.robustmq.app.version.Version;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The front of the console: finds the page, renders it, and lets no form in that is not ours. Thread-safe: immutable. */
final class Pages {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private final ConsoleLogins logins;
    private final Templates templates = new Templates();
    private final StaticFiles files = new StaticFiles();
    private final LoginPage loginPage;
    private final OverviewPage overview;
    private final ListingPages listings;
    private final RecordsPage records;

    Pages(ConsoleLogins logins, AdminApi api, Samples samples, Clock clock) {
        this.logins = logins;
        this.loginPage = new LoginPage(logins);
        this.overview = new OverviewPage(api, samples);
        this.listings = new ListingPages(api);
        this.records = new RecordsPage(api, clock);
    }

    Mono<Void> answer(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().set("Content-Security-Policy", POLICY);
        return logins.visitor()
                .map(java.util.Optional::of)
                .defaultIfEmpty(java.util.Optional.empty())
                .flatMap(who -> answer(asked(exchange, who.orElse(null))));
    }

    private Asked asked(ServerWebExchange exchange, @Nullable Visitor visitor) {
        String known = logins.visit(exchange);
        String visit = known == null ? logins.newVisit() : known;
        if (known == null) {
            exchange.getResponse().addCookie(logins.cookie(visit, exchange));
        }
        return new Asked(exchange, visitor, visit, logins.formToken(visit));
    }

    private Mono<Void> answer(Asked asked) {
        HttpMethod method = asked.exchange().getRequest().getMethod();
        List<String> path = path(asked.exchange());
        if (path.size() == 2 && path.get(0).equals("static")) {
            return files.answer(asked.exchange(), path.get(1));
        }
        if (method == HttpMethod.GET || method == HttpMethod.HEAD) {
            return look(asked, path)
                    .onErrorResume(failure -> Mono.just(Problems.page(failure)))
                    .flatMap(view -> render(asked, view));
        }
        if (method != HttpMethod.POST) {
            return render(asked, Problems.page(405, "Pages are looked at, and forms are sent.", "go back to a page"));
        }
        return asked.exchange().getFormData().flatMap(data -> {
            Map<String, String> form = new LinkedHashMap<>();
            data.forEach(
                    (name, values) -> form.put(name, values.isEmpty() || values.get(0) == null ? "" : values.get(0)));
            if (!logins.isOurForm(asked.exchange(), form.remove("form-token"))) {
                return render(
                        asked,
                        Problems.page(
                                403,
                                "This form is older than the log-in, or from another site.",
                                "open the page again and send its form"));
            }
            return act(asked, path, form);
        });
    }

    private static List<String> path(ServerWebExchange exchange) {
        return Stream.of(exchange.getRequest()
                        .getPath()
                        .pathWithinApplication()
                        .value()
                        .substring(ConsoleFilter.PATH.length())
                        .split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private Mono<PageView> look(Asked asked, List<String> path) {
        String page = path.isEmpty() ? "" : path.get(0);
        if (path.size() <= 1) {
            switch (page) {
                case "" -> {
                    return overview.page(asked);
                }
                case "login" -> {
                    return Mono.just(loginPage.form(asked, ""));
                }
                case "news" -> {
                    return overview.charts();
                }
                default -> {
                    return listings.page(asked, page);
                }
            }
        }
        return switch (path.get(1)) {
            case "show" -> listings.detail(asked, page);
            case "records" -> records.page(asked);
            default -> Mono.error(nothing());
        };
    }

    private Mono<Void> act(Asked asked, List<String> path, Map<String, String> form) {
        String page = path.isEmpty() ? "" : path.get(0);
        if (page.equals("login") && path.size() == 1) {
            return loginPage
                    .enter(asked, form)
                    .flatMap(result ->
                            result.view() == null ? redirect(asked, result.location()) : render(asked, result.view()));
        }
        if (page.equals("logout") && path.size() == 1) {
            return logins.leave(asked.exchange()).then(Mono.defer(() -> {
                asked.exchange().getResponse().addCookie(logins.cookie(logins.newVisit(), asked.exchange()));
                return redirect(asked, "/console/login");
            }));
        }
        if (path.size() == 3 && path.get(1).equals("do") && asked.visitor() != null) {
            return listings.act(asked, page, path.get(2), form)
                    .onErrorResume(failure -> Mono.just(new ListingPages.Acted("", Problems.page(failure))))
                    .flatMap(acted ->
                            acted.view() == null ? redirect(asked, acted.location()) : render(asked, acted.view()));
        }
        return render(asked, Problems.page(nothing()));
    }

    static RmqException nothing() {
        return RmqError.NOT_FOUND.exception("There is no such page.");
    }

    private static Mono<Void> redirect(Asked asked, String location) {
        ServerHttpResponse response = asked.exchange().getResponse();
        response.setStatusCode(HttpStatus.SEE_OTHER);
        response.getHeaders().set(HttpHeaders.LOCATION, location);
        return response.setComplete();
    }

    private Mono<Void> render(Asked asked, PageView view) {
        ServerHttpResponse response = asked.exchange().getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(view.status()));
        response.getHeaders().setContentType(HTML);
        return Mono.fromCallable(() ->
                        templates.render(view.template(), model(asked, view)).getBytes(StandardCharsets.UTF_8))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(bytes -> {
                    response.getHeaders().setContentLength(bytes.length);
                    return response.writeWith(Mono.just(response.bufferFactory().wrap(bytes)));
                });
    }

    /** What every page has around it. */
    private Map<String, Object> model(Asked asked, PageView view) {
        Map<String, Object> model = new LinkedHashMap<>(view.model());
        Visitor visitor = asked.visitor();
        model.put("token", asked.token());
        model.put("visitor", visitor == null ? "" : visitor.name());
        model.put("role", visitor == null ? "" : visitor.role().key());
        model.put("session", visitor != null && visitor.session());
        model.put("version", Version.current());
        model.put("files", files.version());
        model.put("menu", visitor == null ? List.of() : listings.menu(visitor, path(asked.exchange())));
        model.putIfAbsent("problem", "");
        model.putIfAbsent("remedy", "");
        model.putIfAbsent("notice", "");
        return model;
    }
}
