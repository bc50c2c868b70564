/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.autoconfigure;

import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.meta.client.ClusterMetaClient;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaClientConfig;
import io.robustmq.meta.server.MetaServer;
import io.robustmq.meta.server.MetaServerConfig;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Phases;
import io.robustmq.node.Role;
import io.robustmq.node.StartRefusedException;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.rpc.InnerRpcServer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Phase META: a member with the role waits for a quorum; then every node offers a {@link MetaClient}. Confined to the thread
 * that starts and stops the context, but for the flag.
 */
final class MetaLifecycle implements SmartLifecycle {
    private static final String ANY_ADDRESS = "0.0.0.0";

    private final NodeContext context;
    private final RobustMqProperties properties;
    private SystemThreads.@Nullable OwnLoop loop;
    private @Nullable MetaServer server;
    private @Nullable ClusterMetaClient client;
    private volatile boolean running;

    MetaLifecycle(NodeContext context, RobustMqProperties properties) {
        this.context = context;
        this.properties = properties;
    }

    @Override
    public void start() {
        loop = SystemThreads.loop("robustmq-meta");
        try {
            start(loop);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
        running = true;
    }

    private void start(SystemThreads.OwnLoop own) {
        int nodeId = context.identity().nodeId().value();
        InnerRpcServer rpc = context.get(InnerRpcServer.class);
        Map<Integer, String> members = members(nodeId, rpc);
        if (context.identity().has(Role.META)) {
            MetaServerConfig config = new MetaServerConfig(
                    context.identity().clusterName(),
                    nodeId,
                    context.dataDir(),
                    members,
                    MetaServerConfig.DEFAULT_LEASE_MILLIS);
            server = new MetaServer(config, rpc, own.loop(), context.clock(), context.random());
            server.start();
            context.put(MetaServer.class, server);
        }
        MetaClientConfig config = new MetaClientConfig(
                context.identity().clusterName(),
                List.copyOf(members.values()),
                members.get(nodeId),
                MetaClientConfig.DEFAULT_TIMEOUT_MILLIS);
        client = new ClusterMetaClient(
                config, server == null ? null : server.endpoint(), rpc.security(), own.loop(), context.random());
        client.start();
        context.put(MetaClient.class, client);
    }

    private Map<Integer, String> members(int nodeId, InnerRpcServer rpc) {
        Map<Integer, String> configured = properties.meta().addresses();
        if (!configured.isEmpty()) {
            return configured;
        }
        if (!context.identity().has(Role.META)) {
            throw new StartRefusedException(
                    "This node has no role meta, and robustmq.meta.addresses names no node that has.",
                    "Set robustmq.meta.addresses.<node id>=host:port for each meta node, or add meta to robustmq.roles.");
        }
        String host = rpc.bindAddress().equals(ANY_ADDRESS) ? "127.0.0.1" : rpc.bindAddress();
        return Map.of(nodeId, host + ":" + rpc.port());
    }

    @Override
    public void stop() {
        running = false;
        if (client != null) {
            context.remove(MetaClient.class);
            client.close();
            client = null;
        }
        if (server != null) {
            context.remove(MetaServer.class);
            server.stop();
            server = null;
        }
        if (loop != null) {
            loop.close();
            loop = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.META;
    }
}
