/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.GroupPort.ResetRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The part of the groups API that is not an Actuator operation: moving offsets. Thread-safe: immutable. */
final class GroupRoutes {
    private final Ports ports;
    private final String path;

    /** @param basePath where Actuator's endpoints are */
    GroupRoutes(Ports ports, String basePath) {
        this.ports = ports;
        this.path = basePath + "/groups";
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(path + "/{name}/reset", request -> TopicRoutes.answer(request, this::reset))
                .withAttribute(RequestBodies.ATTRIBUTE, Reset.class)
                .build();
    }

    /**
     * The body of a reset.
     *
     * @param to as for reading a topic: {@code earliest}, {@code latest}, an offset, a time
     */
    record Reset(
            @Nullable String topic,
            @Nullable Integer partition,
            @Nullable String to,
            @Nullable Boolean dryRun) {}

    private Mono<ServerResponse> reset(ServerRequest request) {
        return request.bodyToMono(Reset.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says where to reset to")))
                .flatMap(body -> {
                    String to = body.to();
                    if (to == null || to.isEmpty()) {
                        throw Problem.invalid("to is missing: earliest, latest, an offset or a time");
                    }
                    if (body.partition() != null && body.topic() == null) {
                        throw Problem.invalid("a partition is one of a topic: name it");
                    }
                    ResetRequest reset = new ResetRequest(
                            TopicsEndpoint.tenant(request.queryParam("tenant").orElse(null)),
                            request.pathVariable("name"),
                            body.topic(),
                            body.partition(),
                            TopicRoutes.readFrom(to),
                            Boolean.TRUE.equals(body.dryRun()));
                    return Mono.fromCompletionStage(
                            () -> ports.get(GroupPort.class).reset(reset));
                })
                .flatMap(moved -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(Map.of(
                                "offsets", moved.stream().map(GroupJson::of).toList())));
    }
}
