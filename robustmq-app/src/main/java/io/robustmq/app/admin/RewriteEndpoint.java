/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.TopicRulePort;
import io.robustmq.protocol.TopicRulePort.Rewrite;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/rewrite}: rules that give topics other names. Adding one is in {@link RuleRoutes} under the same path. Thread-safe: immutable. */
@WebEndpoint(id = "rewrite")
public final class RewriteEndpoint {
    private final Ports ports;

    RewriteEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list() {
        return TopicsEndpoint.answer(() -> Mono.just(new WebEndpointResponse<>(Map.of(
                "rules", rules().rewrites().stream().map(RewriteEndpoint::json).toList()))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(@Selector String name) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(() -> rules().deleteRewrite(name))
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    static Map<String, Object> json(Rewrite rule) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", rule.name());
        json.put("action", rule.action().name().toLowerCase(java.util.Locale.ROOT));
        json.put("source", rule.source());
        json.put("regex", rule.regex());
        json.put("destination", rule.destination());
        json.put("configured", rule.configured());
        return json;
    }

    private TopicRulePort rules() {
        return ports.get(TopicRulePort.class);
    }
}
