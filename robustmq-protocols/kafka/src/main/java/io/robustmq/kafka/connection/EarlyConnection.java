/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for a connection until Kafka's classes are loaded, which takes a good part of a second that no loop has. It is not
 * read meanwhile; what came before it was told so is kept for the connection. Confined to one loop.
 */
public final class EarlyConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyConnection.class);

    private final CompletableFuture<Requests> classes;
    private final Function<Requests, ChannelInboundHandlerAdapter> connection;
    private final ArrayDeque<Object> early = new ArrayDeque<>();

    /** @param connection what takes this one's place; called on the connection's loop */
    public EarlyConnection(
            CompletableFuture<Requests> classes, Function<Requests, ChannelInboundHandlerAdapter> connection) {
        this.classes = classes;
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        classes.whenComplete(
                (requests, failure) -> context.executor().execute(() -> loaded(context, requests, failure)));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(false);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        early.add(message);
    }

    private void loaded(ChannelHandlerContext context, @Nullable Requests requests, @Nullable Throwable failure) {
        if (context.isRemoved() || !context.channel().isOpen()) {
            return;
        }
        if (requests == null) {
            LOG.error("Kafka's clients cannot be served", failure);
            context.close();
            return;
        }
        ChannelInboundHandlerAdapter whole = connection.apply(requests);
        context.pipeline().replace(this, context.name(), whole);
        context.channel().config().setAutoRead(true);
        ChannelHandlerContext before = context.pipeline().context(whole);
        for (Object message = early.poll(); message != null; message = early.poll()) {
            try {
                whole.channelRead(before, message);
            } catch (Exception e) {
                before.fireExceptionCaught(e);
            }
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            forget();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forget();
        context.fireChannelInactive();
    }

    private void forget() {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }
}
