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
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/** The inner port, which every role has. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
public class InnerRpcAutoConfiguration {

    @Bean
    InnerRpcLifecycle robustMqInnerRpcLifecycle(
            NodeContext context, RobustMqProperties properties, ObjectProvider<SslBundles> bundles) {
        return new InnerRpcLifecycle(context, properties, bundles::getIfAvailable);
    }

    @Bean
    BannerLine.Contribution robustMqInnerRpcPort(NodeContext context) {
        return () -> context.find(InnerRpcServer.class)
                .map(server -> List.of(new BannerLine(
                        "inner rpc",
                        server.bindAddress() + ":" + server.port()
                                + (server.security().proves()
                                        ? " (" + server.security().how() + ")"
                                        : ""))))
                .orElse(List.of());
    }
}
