/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.system.LoopWatchdog;
import io.robustmq.net.NetLoops;
import io.robustmq.net.NetOptions;
import io.robustmq.net.NetServer;
import io.robustmq.node.BannerLine;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.ListenerAddresses;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import io.robustmq.node.config.LiveSettings;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.protocol.ConnectionRegistry;
import io.robustmq.protocol.ProtocolPlugin;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/** The ports of a broker. The loops come early, because the broker's shards run on them; the ports last. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
@ConditionalOnRole(Role.BROKER)
@EnableConfigurationProperties(NetProperties.class)
public class NetAutoConfiguration {

    /** Destroyed with the beans, which is after the last phase has stopped. */
    @Bean(destroyMethod = "close")
    NetLoops robustMqNetLoops(NetProperties properties) {
        return NetLoops.create(properties.loops());
    }

    @Bean
    LoopGroup robustMqLoopGroup(NetLoops loops) {
        return loops.group();
    }

    /** Four looks a second cost nothing that shows. */
    @Bean(destroyMethod = "close")
    LoopWatchdog robustMqLoopWatchdog(NetLoops loops, NetProperties properties) {
        return LoopWatchdog.start(
                loops.group(), properties.slowTask(), Duration.ofMillis(250), (loop, culprit, nanos) -> {});
    }

    @Bean(destroyMethod = "close")
    NetServer robustMqNetServer(
            NetLoops loops,
            RobustMqProperties node,
            NetProperties net,
            NodeContext context,
            ObjectProvider<SslBundles> bundles) {
        NetServer server = new NetServer(
                loops,
                options(node, net),
                context.clock(),
                context.memory(),
                new BundleTlsContexts(bundles.getIfAvailable()));
        context.put(ConnectionRegistry.class, server.connections());
        return server;
    }

    private static NetOptions options(RobustMqProperties node, NetProperties net) {
        return new NetOptions(
                node.bindAddress(),
                net.connectionsMax(),
                net.connectionsPerAddressMax(),
                net.acceptsPerSecondMax(),
                net.firstBytesTimeout().toMillis(),
                Math.max(1, net.drainTimeout().toMillis()),
                net.handshakesMax());
    }

    @Bean
    LiveSettings<NetProperties> robustMqLiveNet(NetServer server, RobustMqProperties node) {
        return new LiveSettings<>(NetProperties.class, net -> server.limits(options(node, net)));
    }

    @Bean
    NetLifecycle robustMqNetLifecycle(
            NetServer server, ObjectProvider<ProtocolPlugin> plugins, NetProperties properties) {
        return new NetLifecycle(server, plugins.orderedStream().toList(), properties.drainTimeout());
    }

    @Bean
    BannerLine.Contribution robustMqPorts(NetServer server, NodeContext context) {
        PortLines lines = new PortLines(server);
        context.put(ListenerAddresses.class, lines);
        return lines;
    }
}
