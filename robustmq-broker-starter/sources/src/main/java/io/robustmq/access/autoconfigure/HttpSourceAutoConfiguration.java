/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.http.HttpSource;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.Role;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** A service over HTTP, where it is configured. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
@ConditionalOnRole(Role.BROKER)
@ConditionalOnSource("http")
@EnableConfigurationProperties(HttpSourceProperties.class)
public class HttpSourceAutoConfiguration {

    @Bean
    HttpSource robustMqHttpSource(HttpSourceProperties properties) {
        return new HttpSource(properties.options());
    }
}
