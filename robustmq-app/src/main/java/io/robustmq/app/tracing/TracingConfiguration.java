/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tracing;

import io.robustmq.node.NodeContext;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets messages be followed where that is wanted. Stateless. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TracingProperties.class)
public class TracingConfiguration {

    @Bean
    TracingCounters tracingCounters() {
        return new TracingCounters();
    }

    /** Its classes are loaded only when it is made. */
    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(TracingProperties.PREFIX + ".enabled")
    AutoCloseable nodeTracing(NodeContext node, TracingProperties properties, TracingCounters counters) {
        return NodeTracing.open(node, properties, counters);
    }
}
