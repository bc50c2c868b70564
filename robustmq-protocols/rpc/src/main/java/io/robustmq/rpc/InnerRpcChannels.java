/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Channels to other nodes' inner ports, one per {@code host:port}, shared by its callers and closed together. Thread-safe. */
public final class InnerRpcChannels implements AutoCloseable {
    private static final long KEEP_ALIVE_SECONDS = 10;
    private final InnerSecurity security;
    private final Map<String, ManagedChannel> channels = new HashMap<>();
    private boolean closed;

    public InnerRpcChannels(InnerSecurity security) {
        this.security = security;
    }

    /** The channel to the address; made when first asked for, connected when first used. */
    public synchronized ManagedChannel channel(String address) {
        if (closed) {
            throw new IllegalStateException("channels are closed");
        }
        return channels.computeIfAbsent(address, this::open);
    }

    /** Closes the channel to the address; the next {@link #channel} makes a new one. */
    public void close(String address) {
        ManagedChannel channel;
        synchronized (this) {
            channel = channels.remove(address);
        }
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    @Override
    public void close() {
        Map<String, ManagedChannel> closing;
        synchronized (this) {
            closed = true;
            closing = Map.copyOf(channels);
            channels.clear();
        }
        closing.values().forEach(ManagedChannel::shutdownNow);
    }

    private ManagedChannel open(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("an inner address is host:port, not '" + address + "'");
        }
        String host = address.substring(0, colon);
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(host, Integer.parseInt(address.substring(colon + 1)));
        SslContext tls = security.client();
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls);
        }
        return builder.maxInboundMessageSize(InnerRpcOptions.INBOUND_MESSAGE_BYTES_MAX)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .disableServiceConfigLookUp()
                .directExecutor()
                .build();
    }
}
