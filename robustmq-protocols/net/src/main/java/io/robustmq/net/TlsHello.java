/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.robustmq.protocol.ListenerSpec;
import java.util.concurrent.Executor;

/**
 * Reads a client's hello and begins the handshake with the keys of the server that it names. Until the hello is whole a
 * connection costs its bytes only. Confined to the connection's loop.
 */
final class TlsHello extends SniHandler {
    /** Those of large clients have two kilobytes; keys that resist quantum computers add one or two. */
    private static final int HELLO_BYTES_MAX = 16 * 1024;

    private final NetServer server;
    private final ConnectionGate gate;
    private final Executor tasks;

    TlsHello(NetServer server, ListenerSpec spec, ConnectionGate gate, Executor tasks) {
        // The gate keeps the time.
        super(
                (String name) ->
                        name == null ? server.tls().current(spec) : server.tls().named(spec, name),
                HELLO_BYTES_MAX,
                0);
        this.server = server;
        this.gate = gate;
        this.tasks = tasks;
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
        server.handshakes().computes(gate);
        SslHandler handler = context.newHandler(allocator, tasks);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }
}
