/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import io.grpc.ServerServiceDefinition;
import io.robustmq.rpc.InnerRpcServer;
import java.util.concurrent.Executor;

/** Raft's requests on the inner port, shared by the groups of one node. Thread-safe. */
public final class RaftTransport implements AutoCloseable {
    private final InnerRpcServer inner;
    private final ServerServiceDefinition service;

    public RaftTransport(InnerRpcServer inner, Executor executor) {
        this.inner = inner;
        this.service = new SharedPortRpcServer(executor).bindTo(inner);
    }

    @Override
    public void close() {
        inner.removeService(service);
    }
}
