/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Opens connections to the broker, over TCP or WebSocket, with or without TLS. Thread-safe: immutable. */
final class Connector implements AutoCloseable {
    private static final int READ_BYTES = 64 * 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final InetSocketAddress address;
    private final EventLoopGroup loops;
    private final Class<? extends SocketChannel> channelType;
    private final LoadOptions options;
    private final String where;
    private final byte @Nullable [] password;
    private final @Nullable SSLContext tls;

    Connector(LoadOptions options, int threads) {
        this.options = options;
        this.where = options.host + ":" + options.port();
        String secret = options.password();
        this.password = secret == null ? null : secret.getBytes(StandardCharsets.UTF_8);
        this.tls = options.tls ? options.tls().context() : null;
        this.address = new InetSocketAddress(options.host, options.port());
        if (address.isUnresolved()) {
            throw new BenchException(BenchException.UNREACHABLE, "the host " + options.host + " is not known");
        }
        boolean epoll = Epoll.isAvailable();
        this.loops = new MultiThreadIoEventLoopGroup(
                threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.channelType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    EventLoop nextLoop() {
        return loops.next();
    }

    /** The client learns of success and failure through its events. */
    void connect(EventLoop loop, MqttClient client) {
        client.logIn(options.user, password, where);
        new Bootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(handshake(channel));
                        }
                        if (options.transport == LoadOptions.Transport.ws) {
                            URI uri = URI.create((tls == null ? "ws://" : "wss://") + options.host + ":"
                                    + options.port() + options.path);
                            WebSocketFrames.addTo(channel.pipeline(), uri);
                        }
                        channel.pipeline().addLast(client);
                    }
                })
                .connect(address)
                .addListener(future -> {
                    if (!future.isSuccess()) {
                        client.failed(new BenchException(
                                BenchException.UNREACHABLE,
                                "cannot connect: is the broker running at " + where + "? ("
                                        + future.cause().getMessage() + ")"));
                    }
                });
    }

    private SslHandler handshake(Channel channel) {
        SSLEngine engine = Objects.requireNonNull(tls).createSSLEngine(options.host, options.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(CONNECT_TIMEOUT_MILLIS);
        return handler;
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
