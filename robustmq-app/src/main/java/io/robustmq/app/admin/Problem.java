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
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * A failure as HTTP tells it (RFC 9457): a true status, the sentence for a person as detail, the error's name for a
 * program, and what to do about it. Immutable.
 */
public record Problem(HttpStatus status, String error, String detail, String remedy) {
    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

    public static Problem of(Throwable failure) {
        Throwable cause = RmqException.causeOf(failure);
        if (cause instanceof RmqException expected) {
            if (expected.error().kind() == ErrorKind.INTERNAL) {
                LOG.error("An admin request failed", cause);
            }
            return of(expected.error(), message(expected));
        }
        LOG.error("An admin request failed", cause);
        return of(RmqError.INTERNAL, "an internal error");
    }

    private static Problem of(RmqError error, String detail) {
        return new Problem(status(error), error.name(), detail, remedy(error));
    }

    public static RmqException invalid(String message) {
        return RmqError.INVALID_REQUEST.exception(message);
    }

    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", status.getReasonPhrase());
        body.put("status", status.value());
        body.put("detail", detail);
        body.put("error", error);
        body.put("remedy", remedy);
        return body;
    }

    public WebEndpointResponse<Object> endpointResponse() {
        return new WebEndpointResponse<>(body(), status.value(), MediaType.APPLICATION_PROBLEM_JSON);
    }

    public Mono<ServerResponse> serverResponse() {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyValue(body());
    }

    /** For what answers before any endpoint is found. */
    public Mono<Void> write(ServerHttpResponse response) {
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return response.writeWith(Mono.fromSupplier(() -> buffer(response)));
    }

    private DataBuffer buffer(ServerHttpResponse response) {
        return response.bufferFactory().wrap(JsonMapper.shared().writeValueAsBytes(body()));
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

    /** What whoever asked can do. */
    private static String remedy(RmqError error) {
        return switch (error) {
            case UNKNOWN_TOPIC, NOT_FOUND -> "look at the listing for what there is";
            case TOPIC_EXISTS -> "choose another name, or alter the one that exists";
            case BINDING_CONFLICT -> "choose a binding that no other topic has";
            case REVISION_MISMATCH -> "look at what is there now, then decide again";
            case UNAUTHORIZED -> "ask an administrator for the right to do this";
            case PAYLOAD_TOO_LARGE -> "send less at once, or raise the limit";
            case QUOTA_EXCEEDED -> "delete what is not needed any more, or raise the limit";
            case STORAGE_FULL -> "free space on the disk, or shorten the retention of topics";
            default ->
                switch (error.kind()) {
                    case CLIENT -> "change the request as the detail says";
                    case RETRY, FENCED, OVERLOADED -> "try again in a moment, or ask another node";
                    case RESOURCE, INTERNAL -> "look into the node's log, which says more";
                };
        };
    }
}
