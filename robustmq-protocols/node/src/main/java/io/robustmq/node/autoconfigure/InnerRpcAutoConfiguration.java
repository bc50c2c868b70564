/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.node.BannerLine;
import io.robustmq.node.NodeContext;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.rpc.InnerRpcServer;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** The inner port, which every role has. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
public class InnerRpcAutoConfiguration {

    @Bean
    InnerRpcLifecycle robustMqInnerRpcLifecycle(NodeContext context, RobustMqProperties properties) {
        return new InnerRpcLifecycle(context, properties);
    }

    @Bean
    BannerLine.Contribution robustMqInnerRpcPort(NodeContext context) {
        return () -> context.find(InnerRpcServer.class)
                .map(server -> List.of(new BannerLine("inner rpc", server.bindAddress() + ":" + server.port())))
                .orElse(List.of());
    }
}
