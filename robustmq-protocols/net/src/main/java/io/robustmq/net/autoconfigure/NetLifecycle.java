/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.robustmq.net.NetServer;
import io.robustmq.node.Phases;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.ProtocolPlugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Phase LISTENERS: opens all ports of all protocols, or none; on the way down closes the ports, lets the protocols say
 * farewell, and cuts what is left. Confined to the thread that starts and stops the context, but for the flag.
 */
final class NetLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(NetLifecycle.class);
    /** What a protocol needs, beyond the time it was given, to notice that the time is over. */
    private static final long GRACE_MILLIS = 500;

    private final NetServer server;
    private final List<ProtocolPlugin> plugins;
    private final Duration drainMax;
    private volatile boolean running;

    NetLifecycle(NetServer server, List<ProtocolPlugin> plugins, Duration drainMax) {
        this.server = server;
        this.plugins = List.copyOf(plugins);
        this.drainMax = drainMax;
    }

    @Override
    public void start() {
        List<ListenerSpec> specs = new ArrayList<>();
        plugins.forEach(plugin -> specs.addAll(plugin.listeners()));
        server.open(specs);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        server.stopAccepting();
        int open = server.connections().size();
        if (open > 0) {
            LOG.info("telling {} connections that the node stops", open);
        }
        drain();
        server.close();
    }

    private void drain() {
        CompletableFuture<?>[] draining = plugins.stream()
                .map(plugin -> plugin.drain(drainMax).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(draining).get(drainMax.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("{} connections did not go within {}", server.connections().size(), drainMax);
        } catch (ExecutionException e) {
            LOG.warn("a protocol could not say farewell", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.LISTENERS;
    }
}
