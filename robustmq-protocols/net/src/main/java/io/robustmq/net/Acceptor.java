/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.robustmq.kernel.Loop;
import io.robustmq.protocol.ConnectionAttributes;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.PeerCertificate;
import io.robustmq.protocol.Transport;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.NettyPipeline;

/**
 * Lets the connections of one listener in and puts their handlers together. Thread-safe: one counter is shared,
 * everything else is confined to the connection's loop.
 */
final class Acceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final NetServer server;
    private final ListenerSpec spec;
    private final @Nullable TrustedSources proxies;
    private final @Nullable Executor handshakeTasks;
    private final AtomicInteger open = new AtomicInteger();

    /** @param handshakeTasks what computes keys for listeners that encrypt, away from the loops */
    Acceptor(NetServer server, ListenerSpec spec, @Nullable Executor handshakeTasks) {
        this.server = server;
        this.spec = spec;
        this.handshakeTasks = handshakeTasks;
        this.proxies = spec.proxy() == null ? null : TrustedSources.of(spec);
    }

    ListenerSpec spec() {
        return spec;
    }

    NetServer server() {
        return server;
    }

    /** Runs on the connection's loop before the channel is active. */
    void accept(Channel channel) {
        // The bridge would queue what handlers leave over for a subscriber that never comes, and switch auto-read off.
        channel.pipeline().remove(NettyPipeline.ReactiveBridge);
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        if (remote == null || !enterListener()) {
            channel.close();
        } else if (proxies != null) {
            acceptFromProxy(channel, remote, proxies);
        } else if (server.limits().tryEnter(remote.getAddress())) {
            equip(channel, remote, (InetSocketAddress) channel.localAddress());
        } else {
            open.decrementAndGet();
            channel.close();
        }
    }

    private boolean enterListener() {
        int max = spec.connectionsMax();
        if (open.incrementAndGet() > max && max > 0) {
            open.decrementAndGet();
            server.limits().refusedByListener();
            return false;
        }
        return true;
    }

    private void acceptFromProxy(Channel channel, InetSocketAddress remote, TrustedSources trusted) {
        if (!trusted.trust(remote.getAddress())) {
            LOG.debug("{} is no proxy of {}", remote, spec.name());
            server.limits().refusedBySource();
        } else if (server.limits().tryEnterUnknown()) {
            ProxyDoor.install(channel, this, loop());
            channel.config().setAutoRead(true);
            return;
        }
        open.decrementAndGet();
        channel.close();
    }

    /** The proxy of the connection has said whose it is; closes it when there is no room for another one of that client's. */
    void admit(
            Channel channel, InetSocketAddress remote, InetSocketAddress local, @Nullable PeerCertificate certificate) {
        if (!server.limits().tryBecomeKnown(remote.getAddress())) {
            leftUnknown();
            channel.close();
            return;
        }
        if (certificate != null) {
            channel.attr(ConnectionAttributes.CERTIFICATE).set(certificate);
        }
        equip(channel, remote, local);
    }

    /** A connection is gone before its proxy has said whose it is. */
    void leftUnknown() {
        open.decrementAndGet();
        server.limits().leaveUnknown();
    }

    private Loop loop() {
        return Objects.requireNonNull(server.loops().group().current(), "connections live on the net loops");
    }

    private void equip(Channel channel, InetSocketAddress remote, InetSocketAddress local) {
        ConnectionInfo info = new ConnectionInfo(
                server.registry().nextId(),
                spec.name(),
                spec.protocol(),
                spec.transport(),
                remote,
                local,
                server.clock().millis());
        Loop loop = loop();
        ConnectionGate gate = new ConnectionGate(info, channel, this);
        server.registry().add(gate);
        gate.watch(loop, server.options().firstBytesMillisMax());
        if (encrypts(spec) && !server.handshakes().begin(gate)) {
            channel.close();
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(gate);
        if (encrypts(spec)) {
            Executor tasks =
                    Objects.requireNonNull(handshakeTasks, "a listener that encrypts has who computes its keys");
            pipeline.addLast(new TlsHello(server, spec, gate, tasks), new TlsDoor(gate, server.handshakes(), spec));
        }
        if (spec.webSocket() != null) {
            WebSocketStream.install(pipeline, spec.webSocket(), gate);
        }
        spec.initializer().initialize(channel, loop, info);
        pipeline.addLast(ConnectionTail.INSTANCE);
        channel.config().setAutoRead(true);
    }

    static boolean encrypts(ListenerSpec spec) {
        return spec.transport() == Transport.TLS || spec.transport() == Transport.WEBSOCKET_TLS;
    }

    /** A connection that was admitted is gone. */
    void left(ConnectionGate gate) {
        server.registry().remove(gate);
        if (encrypts(spec)) {
            server.handshakes().gone(gate);
        }
        server.limits().leave(gate.info().remote().getAddress());
        open.decrementAndGet();
    }
}
