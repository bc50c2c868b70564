/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.protocol.ConnectionAttributes;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.ConnectionRegistry;
import io.robustmq.protocol.PeerCertificate;
import io.robustmq.protocol.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of every connection: counts its bytes, closes it when it stays silent, counts it out when it goes.
 * Confined to the connection's loop; other threads read the byte counters and may see them late.
 */
final class ConnectionGate extends ChannelDuplexHandler implements ChannelFutureListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);

    private final ConnectionInfo info;
    private final Channel channel;
    private final Acceptor acceptor;
    // One writer, the loop: incrementing a volatile is safe, and readers never see a torn number.
    private volatile long bytesIn;

    private volatile long bytesOut;
    private @Nullable Cancellable silence;

    ConnectionGate(ConnectionInfo info, Channel channel, Acceptor acceptor) {
        this.info = info;
        this.channel = channel;
        this.acceptor = acceptor;
    }

    ConnectionInfo info() {
        return info;
    }

    Channel channel() {
        return channel;
    }

    ConnectionRegistry.ConnectionView view() {
        PeerCertificate certificate =
                channel.attr(ConnectionAttributes.CERTIFICATE).get();
        return new ConnectionRegistry.ConnectionView(
                info,
                channel.attr(ConnectionAttributes.CLIENT_ID).get(),
                channel.attr(ConnectionAttributes.USER_NAME).get(),
                certificate == null ? null : certificate.subject(),
                bytesIn,
                bytesOut);
    }

    /** Starts to wait for the first bytes. */
    void watch(Loop loop, long firstBytesMillisMax) {
        silence = loop.schedule(firstBytesMillisMax, this::closeSilent);
        channel.closeFuture().addListener(this);
    }

    /** Closes past all handlers, so that none can wait for a write that never ends. From any thread. */
    void cut() {
        ChannelHandlerContext own = channel.pipeline().context(this);
        if (own != null) {
            own.close();
        }
    }

    /** The peer has said something in its protocol, so it may stay. */
    void spoke() {
        Cancellable waiting = silence;
        if (waiting != null) {
            silence = null;
            waiting.cancel();
        }
    }

    private void closeSilent() {
        if (silence != null) {
            silence = null;
            acceptor.server().limits().closedSilent();
            LOG.debug("connection {} of {} never spoke", info.id(), info.remote());
            channel.close();
        }
    }

    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    public void channelRead(ChannelHandlerContext context, Object message) {
        bytesIn += ((ByteBuf) message).readableBytes();
        if (silence != null && info.transport() == Transport.TCP) {
            // A WebSocket has spoken only when its first frame is there: the upgrade alone says nothing.
            spoke();
        }
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            bytesOut += bytes.readableBytes();
        } else if (message instanceof FileRegion region) {
            bytesOut += region.count();
        }
        context.write(message, promise);
    }

    /** The connection is closed, by whomever. */
    @Override
    public void operationComplete(ChannelFuture closed) {
        spoke();
        acceptor.left(this);
    }
}
