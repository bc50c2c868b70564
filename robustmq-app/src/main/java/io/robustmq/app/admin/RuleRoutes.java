/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.TopicRulePort;
import io.robustmq.protocol.TopicRulePort.Action;
import io.robustmq.protocol.TopicRulePort.AutoSubscription;
import io.robustmq.protocol.TopicRulePort.Rewrite;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Adding rules about topics: what {@link RewriteEndpoint} and {@link AutoSubscribeEndpoint} cannot express. Thread-safe: immutable. */
final class RuleRoutes {
    private final Ports ports;
    private final String basePath;

    /** @param basePath where Actuator's endpoints are */
    RuleRoutes(Ports ports, String basePath) {
        this.ports = ports;
        this.basePath = basePath;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(basePath + "/rewrite", request -> TopicRoutes.answer(request, this::rewrite))
                .withAttribute(RequestBodies.ATTRIBUTE, NewRewrite.class)
                .POST(basePath + "/autosubscribe", request -> TopicRoutes.answer(request, this::autoSubscribe))
                .withAttribute(RequestBodies.ATTRIBUTE, NewAutoSubscription.class)
                .build();
    }

    /** The body of a new rule. */
    record NewRewrite(
            @Nullable String name,
            @Nullable String action,
            @Nullable String source,
            @Nullable String regex,
            @Nullable String destination) {}

    /** The body of a new subscription. */
    record NewAutoSubscription(
            @Nullable String name,
            @Nullable String filter,
            @Nullable Integer qos,
            @Nullable Boolean noLocal,
            @Nullable Boolean retainAsPublished,
            @Nullable Integer retainHandling) {}

    private Mono<ServerResponse> rewrite(ServerRequest request) {
        return request.bodyToMono(NewRewrite.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says which rule to add")))
                .flatMap(body -> {
                    Rewrite rule = new Rewrite(
                            needed("name", body.name()),
                            false,
                            action(body.action()),
                            needed("source", body.source()),
                            needed("regex", body.regex()),
                            needed("destination", body.destination()));
                    return Mono.fromCompletionStage(() -> rules().add(rule));
                })
                .flatMap(added -> created(RewriteEndpoint.json(added)));
    }

    private Mono<ServerResponse> autoSubscribe(ServerRequest request) {
        return request.bodyToMono(NewAutoSubscription.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says which rule to add")))
                .flatMap(body -> {
                    AutoSubscription rule = new AutoSubscription(
                            needed("name", body.name()),
                            false,
                            needed("filter", body.filter()),
                            body.qos() == null ? 0 : body.qos(),
                            Boolean.TRUE.equals(body.noLocal()),
                            Boolean.TRUE.equals(body.retainAsPublished()),
                            body.retainHandling() == null ? 0 : body.retainHandling());
                    return Mono.fromCompletionStage(() -> rules().add(rule));
                })
                .flatMap(added -> created(AutoSubscribeEndpoint.json(added)));
    }

    private static Mono<ServerResponse> created(Map<String, Object> rule) {
        return ServerResponse.status(201)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(rule);
    }

    private static String needed(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw Problem.invalid(field + " is missing");
        }
        return value;
    }

    private static Action action(@Nullable String text) {
        try {
            return text == null ? Action.ALL : Action.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("action is publish, subscribe or all, not " + text);
        }
    }

    private TopicRulePort rules() {
        return ports.get(TopicRulePort.class);
    }
}
