/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Behind the encryption of a connection: tells the gate of the first bytes of the protocol, and says quietly what went wrong with a
 * handshake, which anybody can cause. Confined to the connection's loop.
 */
final class TlsDoor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);

    private final ConnectionGate gate;
    private boolean spoken;

    TlsDoor(ConnectionGate gate) {
        this.gate = gate;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!spoken) {
            spoken = true;
            gate.spoke();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && !done.isSuccess()) {
            LOG.debug("no TLS with {}: {}", context.channel().remoteAddress(), String.valueOf(done.cause()));
            context.channel().close();
            return;
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof IOException broken) {
            context.fireExceptionCaught(broken);
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
