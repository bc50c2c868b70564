/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.config;

import io.robustmq.node.NodeContext;
import io.robustmq.node.config.LiveSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** The configuration in effect. Stateless. */
@Configuration(proxyBeanMethods = false)
public class ConfigConfiguration {

    @Bean
    DynamicConfig dynamicConfig(
            NodeContext node,
            ConfigurableEnvironment environment,
            LoggingSystem logging,
            ObjectProvider<LiveSettings<?>> parts) {
        return new DynamicConfig(
                node,
                new EffectiveConfig(environment),
                environment,
                logging,
                parts.orderedStream().toList());
    }

    @Bean
    ConfigEndpoint configEndpoint(ConfigurableEnvironment environment, DynamicConfig dynamic) {
        return new ConfigEndpoint(new EffectiveConfig(environment), dynamic);
    }
}
