/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.autoconfigure;

import io.robustmq.kafka.KafkaPlugin;
import io.robustmq.kafka.connection.KafkaOptions;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.Ports;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Kafka on a broker. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
@ConditionalOnRole(Role.BROKER)
@ConditionalOnProperty(name = "robustmq.kafka.enabled", matchIfMissing = true)
@EnableConfigurationProperties(KafkaProtocolProperties.class)
public class KafkaAutoConfiguration {

    @Bean
    KafkaPlugin robustMqKafkaPlugin(NodeContext context, KafkaProtocolProperties properties) {
        KafkaOptions options = new KafkaOptions(
                context.identity().clusterName(),
                context.identity().nodeId().value(),
                properties.advertisedAddress(),
                properties.advertisedTlsAddress(),
                properties.autoCreateTopics(),
                properties.defaultPartitions(),
                properties.listViews(),
                properties.limits(),
                properties.groups().options());
        KafkaPlugin plugin = new KafkaPlugin(
                () -> context.get(Ports.class), options, initializer -> listeners(properties, initializer));
        context.put(GroupPort.class, plugin.groups());
        return plugin;
    }

    private static List<ListenerSpec> listeners(KafkaProtocolProperties properties, ConnectionInitializer initializer) {
        List<ListenerSpec> listeners = new ArrayList<>();
        if (properties.tcp().port() >= 0) {
            listeners.add(ListenerSpec.tcp(KafkaPlugin.NAME, properties.tcp().port(), initializer));
        }
        String bundle = properties.tls().bundle();
        if (bundle != null && properties.tls().port() >= 0) {
            listeners.add(ListenerSpec.tcp(KafkaPlugin.NAME, properties.tls().port(), initializer)
                    .withTls(new ListenerSpec.Tls(
                            bundle,
                            properties.tls().namedBundles(),
                            properties.tls().clientAuth())));
        }
        return listeners;
    }
}
