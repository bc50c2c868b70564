/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.autoconfigure;

import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.mqtt.rules.MqttRules;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import io.robustmq.node.config.LiveSettings;
import io.robustmq.protocol.CatchAll;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.TopicRulePort;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** MQTT on a broker. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
@ConditionalOnRole(Role.BROKER)
@ConditionalOnProperty(name = "robustmq.mqtt.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MqttProtocolProperties.class)
public class MqttAutoConfiguration {
    private static final int CATCH_ALL_PARTITIONS = 16;
    private static final long MEBIBYTE = 1024 * 1024;

    /** Everything that devices say and nothing else claims. */
    @Bean
    CatchAll robustMqMqttCatchAll() {
        return new CatchAll(
                MqttPlugin.NAME,
                MqttPlugin.NAME,
                CATCH_ALL_PARTITIONS,
                64 * MEBIBYTE,
                1024 * MEBIBYTE,
                Duration.ofHours(24).toMillis());
    }

    @Bean
    MqttPlugin robustMqMqttPlugin(NodeContext context, MqttProtocolProperties properties) {
        MqttRules rules = properties.rules();
        context.put(TopicRulePort.class, rules);
        return new MqttPlugin(
                () -> context.get(Ports.class),
                properties.limits(),
                properties.features(),
                properties.queuedBytesTotal(),
                properties.sys().options(context.identity().nodeId().value(), version()),
                rules,
                equipment -> MqttListeners.of(properties, equipment));
    }

    @Bean
    LiveSettings<MqttProtocolProperties> robustMqLiveMqtt(MqttPlugin plugin) {
        return new LiveSettings<>(MqttProtocolProperties.class, properties -> plugin.limits(properties.limits()));
    }

    /** As the manifest of the jar says. */
    private static String version() {
        String version = MqttPlugin.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
