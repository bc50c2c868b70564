/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.GroupPort.GroupSummary;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/groups}: list, describe, delete groups of consumers. Moving their offsets is in {@link GroupRoutes} under the
 * same path. Thread-safe: immutable.
 */
@WebEndpoint(id = "groups")
public final class GroupsEndpoint {
    private final Ports ports;

    GroupsEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String tenant, @Nullable String filter, @Nullable String after, @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> Mono.fromCompletionStage(() -> groups().list(TopicsEndpoint.tenant(tenant)))
                .map(groups -> new WebEndpointResponse<>(
                        Page.of("groups", groups, GroupSummary::group, filter, after, limit, GroupJson::of))));
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> describe(@Selector String name, @Nullable String tenant) {
        return TopicsEndpoint.answer(
                () -> Mono.fromCompletionStage(() -> groups().describe(TopicsEndpoint.tenant(tenant), name))
                        .map(group -> new WebEndpointResponse<>(GroupJson.of(group))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(@Selector String name, @Nullable String tenant) {
        return TopicsEndpoint.answer(
                () -> Mono.fromCompletionStage(() -> groups().delete(TopicsEndpoint.tenant(tenant), name))
                        .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    private GroupPort groups() {
        return ports.get(GroupPort.class);
    }
}
