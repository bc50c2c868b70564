/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.autoconfigure;

import io.robustmq.meta.raft.RaftGroup;
import io.robustmq.meta.server.MetaServer;
import io.robustmq.node.HealthDetail;
import io.robustmq.node.NodeContext;
import io.robustmq.node.autoconfigure.InnerRpcAutoConfiguration;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import io.robustmq.node.config.RobustMqProperties;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** The meta role, and every node's door to it: others find {@code MetaClient} in the {@link NodeContext}. */
@AutoConfiguration(after = {NodeAutoConfiguration.class, InnerRpcAutoConfiguration.class})
public class MetaAutoConfiguration {

    @Bean
    MetaLifecycle robustMqMetaLifecycle(NodeContext context, RobustMqProperties properties) {
        return new MetaLifecycle(context, properties);
    }

    /** Who leads, and which group has stopped on this node. */
    @Bean
    HealthDetail robustMqMetaHealth(NodeContext context) {
        return details -> context.find(MetaServer.class).ifPresent(server -> {
            List<RaftGroup> groups = List.copyOf(server.groups().values());
            groups.forEach(group -> details.accept(
                    "meta." + group.name() + ".leader", Objects.requireNonNullElse(group.leaderAddress(), "none")));
            groups.stream()
                    .filter(group -> group.failure() != null)
                    .forEach(group ->
                            details.accept("meta." + group.name() + ".failed", String.valueOf(group.failure())));
        });
    }
}
