/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.node.HealthDetail;
import io.robustmq.node.NodeContext;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The node's own health, {@code robustmq}, where the application has health at all. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
public class NodeHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "robustmqHealthIndicator")
    HealthIndicator robustmqHealthIndicator(NodeContext context, ObjectProvider<HealthDetail> details) {
        // Found when asked: the first question may come while beans are still made.
        return new NodeHealthIndicator(
                context, () -> List.copyOf(details.orderedStream().toList()));
    }
}
