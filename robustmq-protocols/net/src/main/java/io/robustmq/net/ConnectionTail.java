/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.robustmq.protocol.CloseRequest;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last handler of every connection: what a protocol leaves over ends here, not in a leak. Immutable. */
@Sharable
final class ConnectionTail extends ChannelInboundHandlerAdapter {
    static final ConnectionTail INSTANCE = new ConnectionTail();
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionTail.class);

    private ConnectionTail() {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        LOG.error("a protocol left a {} unread; closing {}", message.getClass().getName(), context.channel());
        context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof CloseRequest) {
            context.channel().close();
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection {} failed: {}", context.channel(), cause.toString());
        } else {
            LOG.error("a fault on connection {}, which is closed", context.channel(), cause);
        }
        context.channel().close();
    }
}
