/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import io.robustmq.node.NodeContext;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.rpc.InnerRpcServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The admin API's way to the other nodes. Stateless. */
@Configuration(proxyBeanMethods = false)
public class ClusterConfiguration {
    private static final long DEADLINE_MILLIS = 5000;

    @Bean(destroyMethod = "close")
    NodeCalls nodeCalls(NodeContext node) {
        return new NodeCalls(
                node.identity().clusterName(), () -> node.get(InnerRpcServer.class), () -> DEADLINE_MILLIS);
    }

    @Bean
    ClusterAnswers clusterAnswers(NodeContext node, RobustMqProperties properties, NodeCalls calls) {
        return new ClusterAnswers(
                node.identity().nodeId().value(),
                new Peers(node, properties.meta().addresses()),
                calls);
    }

    @Bean
    AskedLifecycle askedLifecycle(NodeContext node, ClusterAnswers answers, NodeCalls calls) {
        return new AskedLifecycle(node, new AskedService(node.identity().clusterName(), answers::own), calls);
    }
}
