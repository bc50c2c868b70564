/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.jwt.JwtSource;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Tokens, where they are configured. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
@ConditionalOnRole(Role.BROKER)
@ConditionalOnSource("jwt")
@EnableConfigurationProperties(JwtSourceProperties.class)
public class JwtSourceAutoConfiguration {

    @Bean
    JwtSource robustMqJwtSource(NodeContext context, JwtSourceProperties properties) {
        return properties.keys().open(properties.options(), context.clock());
    }
}
