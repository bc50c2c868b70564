/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.node.HealthDetail;
import io.robustmq.node.NodeContext;
import io.robustmq.node.NodePhase;
import io.robustmq.node.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * OUT_OF_SERVICE with the phase until every port is open, then UP with what an operator should know although all is
 * well. Thread-safe: reads only.
 */
final class NodeHealthIndicator extends AbstractHealthIndicator {
    private final NodeContext context;
    private final Supplier<List<HealthDetail>> details;

    NodeHealthIndicator(NodeContext context, Supplier<List<HealthDetail>> details) {
        this.context = context;
        this.details = details;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        NodePhase phase = context.state().phase();
        builder.withDetail("phase", phase.name());
        builder.withDetail("node", context.identity().nodeId().value());
        builder.withDetail("cluster", context.identity().clusterName());
        builder.withDetail(
                "roles",
                context.identity().roles().stream().sorted().map(Role::key).toList());
        if (phase != NodePhase.READY) {
            builder.outOfService();
            return;
        }
        builder.up();
        List<String> problems = new ArrayList<>();
        for (HealthDetail detail : details.get()) {
            detail.contribute(builder::withDetail);
            String problem = detail.problem();
            if (problem != null) {
                problems.add(problem);
            }
        }
        if (!problems.isEmpty()) {
            builder.down().withDetail("problems", problems);
        }
    }
}
