/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.RmqException;
import java.util.Objects;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * What no endpoint has answered: a path that leads nowhere, a parameter that cannot be read, a fault. In the place of Boot's own
 * page of errors. Stateless.
 */
final class ProblemHandler implements ErrorWebExceptionHandler, Ordered {
    /** Where Boot's would be. */
    private static final int ORDER = -1;

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        Problem problem = problem(exchange, failure);
        if (exchange.getRequest().getMethod() == HttpMethod.HEAD) {
            exchange.getResponse().setStatusCode(problem.status());
            return exchange.getResponse().setComplete();
        }
        if (failure instanceof ErrorResponse known) {
            known.getHeaders()
                    .forEach((name, values) ->
                            exchange.getResponse().getHeaders().put(name, values));
        }
        return problem.write(exchange.getResponse());
    }

    private static Problem problem(ServerWebExchange exchange, Throwable failure) {
        if (RmqException.causeOf(failure) instanceof RmqException || !(failure instanceof ErrorResponse known)) {
            return Problem.of(failure);
        }
        HttpStatus status = Objects.requireNonNullElse(
                HttpStatus.resolve(known.getStatusCode().value()), HttpStatus.INTERNAL_SERVER_ERROR);
        String asked = exchange.getRequest().getMethod() + " "
                + exchange.getRequest().getPath().value();
        String said = known.getBody().getDetail();
        String detail = said == null || said.isBlank() ? asked + ": " + status.getReasonPhrase() : asked + ": " + said;
        return switch (status) {
            case NOT_FOUND ->
                new Problem(
                        status,
                        "NOT_FOUND",
                        asked + " leads nowhere",
                        "look at /actuator and /actuator/openapi for what there is");
            case METHOD_NOT_ALLOWED ->
                new Problem(status, "NOT_SUPPORTED", detail, "use a method that the header Allow names");
            default ->
                status.is4xxClientError()
                        ? new Problem(status, "INVALID_REQUEST", detail, "change the request as the detail says")
                        : Problem.of(failure);
        };
    }
}
