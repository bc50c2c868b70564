/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.TopicRulePort;
import io.robustmq.protocol.TopicRulePort.AutoSubscription;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/autosubscribe}: subscriptions that clients get when they connect. Adding one is in {@link RuleRoutes} under the same path. Thread-safe: immutable. */
@WebEndpoint(id = "autosubscribe")
public final class AutoSubscribeEndpoint {
    private final Ports ports;

    AutoSubscribeEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list() {
        return TopicsEndpoint.answer(() -> Mono.just(new WebEndpointResponse<>(Map.of(
                "rules",
                rules().autoSubscriptions().stream()
                        .map(AutoSubscribeEndpoint::json)
                        .toList()))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(@Selector String name) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(() -> rules().deleteAutoSubscription(name))
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    static Map<String, Object> json(AutoSubscription rule) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", rule.name());
        json.put("filter", rule.filter());
        json.put("qos", rule.qos());
        json.put("noLocal", rule.noLocal());
        json.put("retainAsPublished", rule.retainAsPublished());
        json.put("retainHandling", rule.retainHandling());
        json.put("configured", rule.configured());
        return json;
    }

    private TopicRulePort rules() {
        return ports.get(TopicRulePort.class);
    }
}
