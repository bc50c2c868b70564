/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import io.grpc.ServerServiceDefinition;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Phases;
import io.robustmq.rpc.InnerRpcServer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Lets other nodes ask, as long as the inner port is open. Confined to the thread that starts and stops the context, but for the flag. */
final class AskedLifecycle implements SmartLifecycle {
    private final NodeContext node;
    private final AskedService service;
    private final NodeCalls calls;
    private @Nullable InnerRpcServer rpc;
    private @Nullable ServerServiceDefinition published;
    private volatile boolean running;

    AskedLifecycle(NodeContext node, AskedService service, NodeCalls calls) {
        this.node = node;
        this.service = service;
        this.calls = calls;
    }

    @Override
    public void start() {
        InnerRpcServer open = node.get(InnerRpcServer.class);
        ServerServiceDefinition definition = service.bindService();
        open.addService(definition);
        rpc = open;
        published = definition;
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (rpc != null && published != null) {
            rpc.removeService(published);
        }
        calls.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.INNER_RPC + 1;
    }
}
