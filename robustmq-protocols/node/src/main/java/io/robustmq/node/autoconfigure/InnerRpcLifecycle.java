/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Phases;
import io.robustmq.node.StartRefusedException;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.rpc.BindFailedException;
import io.robustmq.rpc.InnerRpcOptions;
import io.robustmq.rpc.InnerRpcServer;
import io.robustmq.rpc.InnerSecurity;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.SmartLifecycle;

/**
 * Phase INNER_RPC: opens the inner port; roles add their services in their own phases. It is a server of our own and its
 * services are no beans, so a host application's gRPC server neither takes its port nor shows its services. Confined to the
 * thread that starts and stops the context.
 */
final class InnerRpcLifecycle implements SmartLifecycle {
    private static final int CALL_THREADS = 4;
    private static final long GRACE_MILLIS = 1000;

    private final NodeContext context;
    private final InnerRpcOptions options;
    private final RobustMqProperties properties;
    private final Supplier<@Nullable SslBundles> bundles;
    private @Nullable ExecutorService calls;
    private volatile @Nullable InnerRpcServer server;

    InnerRpcLifecycle(NodeContext context, RobustMqProperties properties, Supplier<@Nullable SslBundles> bundles) {
        this.context = context;
        this.properties = properties;
        this.bundles = bundles;
        this.options = new InnerRpcOptions(
                properties.rpcBindAddress(), properties.rpc().port());
    }

    @Override
    public void start() {
        InnerSecurity security = InnerSecurities.of(properties, bundles);
        ExecutorService pool = SystemThreads.pool("robustmq-rpc", CALL_THREADS);
        InnerRpcServer starting = new InnerRpcServer(options, pool, security);
        try {
            starting.start();
        } catch (BindFailedException e) {
            pool.shutdownNow();
            throw refused(e);
        }
        calls = pool;
        server = starting;
        context.put(InnerRpcServer.class, starting);
    }

    private static StartRefusedException refused(BindFailedException e) {
        return e.portTaken()
                ? new StartRefusedException(
                        "The inner port " + e.port() + " on " + e.address() + " is taken by another process.",
                        "Stop that process, or set robustmq.rpc.port to a free port.",
                        e)
                : new StartRefusedException(
                        "The inner port " + e.port() + " cannot be opened on " + e.address() + ": " + e.getMessage()
                                + ".",
                        "Set robustmq.rpc.bind-address to an address of this machine.",
                        e);
    }

    @Override
    public void stop() {
        InnerRpcServer stopping = server;
        server = null;
        if (stopping != null) {
            context.remove(InnerRpcServer.class);
            stopping.stop(GRACE_MILLIS);
        }
        if (calls != null) {
            calls.shutdown();
            calls = null;
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    @Override
    public int getPhase() {
        return Phases.INNER_RPC;
    }
}
