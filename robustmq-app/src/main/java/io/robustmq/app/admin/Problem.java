/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.ErrorKind;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * A failure as HTTP tells it (RFC 9457): a true status, the sentence for a person as detail, the error's name for a
 * program. Immutable.
 */
record Problem(HttpStatus status, RmqError error, String detail) {
    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

    static Problem of(Throwable failure) {
        Throwable cause = RmqException.causeOf(failure);
        if (cause instanceof RmqException expected) {
            if (expected.error().kind() == ErrorKind.INTERNAL) {
                LOG.error("An admin request failed", cause);
            }
            return new Problem(status(expected.error()), expected.error(), message(expected));
        }
        LOG.error("An admin request failed", cause);
        return new Problem(
                HttpStatus.INTERNAL_SERVER_ERROR, RmqError.INTERNAL, "an internal error; the node's log says more");
    }

    static RmqException invalid(String message) {
        return RmqError.INVALID_REQUEST.exception(message);
    }

    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", status.getReasonPhrase());
        body.put("status", status.value());
        body.put("detail", detail);
        body.put("error", error.name());
        return body;
    }

    WebEndpointResponse<Object> endpointResponse() {
        return new WebEndpointResponse<>(body(), status.value(), MediaType.APPLICATION_PROBLEM_JSON);
    }

    Mono<ServerResponse> serverResponse() {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyValue(body());
    }

    private static String message(RmqException failure) {
        String message = failure.getMessage();
        return message == null ? failure.error().name() : message;
    }

    private static HttpStatus status(RmqError error) {
        return switch (error) {
            case UNKNOWN_TOPIC, NOT_FOUND -> HttpStatus.NOT_FOUND;
            case TOPIC_EXISTS, BINDING_CONFLICT, REVISION_MISMATCH -> HttpStatus.CONFLICT;
            case UNAUTHORIZED -> HttpStatus.FORBIDDEN;
            case PAYLOAD_TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case QUOTA_EXCEEDED -> HttpStatus.TOO_MANY_REQUESTS;
            case STORAGE_FULL -> HttpStatus.INSUFFICIENT_STORAGE;
            case TIMED_OUT -> HttpStatus.GATEWAY_TIMEOUT;
            default ->
                switch (error.kind()) {
                    case CLIENT -> HttpStatus.BAD_REQUEST;
                    case RETRY, FENCED, OVERLOADED -> HttpStatus.SERVICE_UNAVAILABLE;
                    case RESOURCE, INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
                };
        };
    }
}
