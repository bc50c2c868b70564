/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.protocol.ConnectionRegistry;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

/**
 * The open ports of a node and what comes in through them. Reactor Netty carries the transport; its streams are not
 * used, protocols put their own handlers on the pipeline. Thread-safe: opening and closing hold a lock, connections are
 * confined to their loops.
 */
public final class NetServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetServer.class);
    private static final long CLOSE_MILLIS_MAX = 3000;
    private static final int BACKLOG = 1024;
    private static final int WRITE_LOW_BYTES = 128 * 1024;
    private static final int WRITE_HIGH_BYTES = 512 * 1024;
    private static final Duration BIND_TIME_MAX = Duration.ofSeconds(10);

    private final TlsContexts tls;
    private final NetLoops loops;
    private final NetOptions options;
    private final Clock clock;
    private final ConnectionLimits limits;
    private final Connections connections;
    private final Handshakes handshakes;
    /** Connections whose proxy has not said yet whose they are; a concurrent set, bounded by the limit of connections. */
    private final Set<Channel> unknown = ConcurrentHashMap.newKeySet();

    private @Nullable ExecutorService handshakePool;
    private final List<DisposableServer> servers = new ArrayList<>();
    private final List<BoundListener> bound = new ArrayList<>();

    public NetServer(NetLoops loops, NetOptions options, Clock clock, MemoryBudget memory) {
        this(loops, options, clock, memory, TlsContexts.NONE);
    }

    public NetServer(NetLoops loops, NetOptions options, Clock clock, MemoryBudget memory, TlsContexts tls) {
        this.tls = tls;
        this.loops = loops;
        this.options = options;
        this.clock = clock;
        this.connections = new Connections(options.farewellMillisMax());
        this.limits = new ConnectionLimits(options, clock, memory);
        this.handshakes = new Handshakes(options.handshakesMax(), clock, memory);
    }

    /** Other limits of connections, for those from now on; of the options nothing else changes. */
    public void limits(NetOptions wanted) {
        limits.change(wanted);
    }

    /** Opens all of the listeners, or none: the first that fails closes those before it. */
    public synchronized List<BoundListener> open(List<ListenerSpec> specs) {
        try {
            for (ListenerSpec spec : specs) {
                bind(spec);
            }
        } catch (RuntimeException e) {
            stopAccepting();
            connections.closeAll(CLOSE_MILLIS_MAX);
            throw e;
        }
        return listeners();
    }

    private void bind(ListenerSpec spec) {
        if (spec.transport() == Transport.QUIC) {
            throw ListenerFailedException.notAvailable(spec);
        }
        Executor tasks = null;
        if (Acceptor.encrypts(spec)) {
            // What is wrong with its keys is told now.
            tls.current(spec);
            tasks = handshakeTasks();
        }
        Acceptor acceptor = new Acceptor(this, spec, tasks);
        String host = spec.bindAddress() != null ? spec.bindAddress() : options.bindAddress();
        InetSocketAddress address = resolve(spec, host);
        TcpServer server = TcpServer.create()
                .runOn(loops.resources())
                .bindAddress(() -> address)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(WRITE_LOW_BYTES, WRITE_HIGH_BYTES))
                .doOnChannelInit((observer, channel, remote) -> acceptor.accept(channel));
        if (spec.transport() == Transport.TCP && spec.synchronousReads()) {
            server = server.childOption(ChannelOption.RECVBUF_ALLOCATOR, new SharedReadBuffers());
        }
        try {
            DisposableServer open = server.bindNow(BIND_TIME_MAX);
            servers.add(open);
            bound.add(new BoundListener(spec, (InetSocketAddress) open.address()));
            LOG.debug("{} listens on {}", spec.name(), open.address());
        } catch (RuntimeException e) {
            throw ListenerFailedException.of(spec, host, e);
        }
    }

    /** Signing takes a thousand times as long as reading a message: half of the processors do it, and no loop. */
    private Executor handshakeTasks() {
        ExecutorService pool = handshakePool;
        if (pool == null) {
            pool = SystemThreads.pool("tls", Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
            handshakePool = pool;
        }
        return pool;
    }

    private static InetSocketAddress resolve(ListenerSpec spec, String host) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), spec.port());
        } catch (UnknownHostException e) {
            throw ListenerFailedException.badAddress(spec, host, "its name is not known");
        }
    }

    /** What is open, in the order of opening. */
    public synchronized List<BoundListener> listeners() {
        return List.copyOf(bound);
    }

    /** Where the listener of that name really listens; the port was perhaps left to the system. */
    public InetSocketAddress address(String listenerName) {
        return listeners().stream()
                .filter(listener -> listener.spec().name().equals(listenerName))
                .map(BoundListener::address)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no listener " + listenerName + " is open"));
    }

    public ConnectionRegistry connections() {
        return connections;
    }

    public ConnectionLimits limits() {
        return limits;
    }

    public TlsCounts tlsCounts() {
        return handshakes.counts();
    }

    NetLoops loops() {
        return loops;
    }

    NetOptions options() {
        return options;
    }

    Clock clock() {
        return clock;
    }

    TlsContexts tls() {
        return tls;
    }

    Handshakes handshakes() {
        return handshakes;
    }

    Connections registry() {
        return connections;
    }

    Set<Channel> unknown() {
        return unknown;
    }

    /** Closes the ports; connections stay. */
    public synchronized void stopAccepting() {
        servers.forEach(server -> server.disposeNow(Duration.ofSeconds(3)));
        servers.clear();
        bound.clear();
    }

    /** Closes the ports and, without a farewell, every connection. The loops stay. */
    @Override
    public void close() {
        close(CLOSE_MILLIS_MAX);
    }

    void close(long millisMax) {
        stopAccepting();
        unknown.forEach(Channel::close);
        connections.closeAll(millisMax);
        endHandshakes();
    }

    private synchronized void endHandshakes() {
        ExecutorService pool = handshakePool;
        if (pool != null) {
            handshakePool = null;
            pool.shutdown();
        }
    }
}
