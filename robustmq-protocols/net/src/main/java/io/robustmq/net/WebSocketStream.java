/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import io.robustmq.protocol.ListenerSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binary frames as one stream of bytes: where frames begin and end says nothing about the packets in them
 * (MQTT-6.0.0-2). Every write becomes a frame. Pings, pongs and closes are answered before this handler. Confined to the
 * connection's loop.
 */
final class WebSocketStream extends ChannelDuplexHandler {
    private static final int REQUEST_LINE_BYTES_MAX = 4096;
    private static final int HEADER_BYTES_MAX = 8192;
    private static final int BODY_BYTES_MAX = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketStream.class);

    private final ConnectionGate gate;
    private boolean closing;

    private WebSocketStream(ConnectionGate gate) {
        this.gate = gate;
    }

    /** Adds the upgrade from HTTP and, behind it, the stream. */
    static void install(ChannelPipeline pipeline, ListenerSpec.WebSocket webSocket, ConnectionGate gate) {
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)));
        pipeline.addLast(new HttpObjectAggregator(BODY_BYTES_MAX));
        pipeline.addLast(new WebSocketUpgrade(webSocket));
        pipeline.addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(webSocket.path())
                .subprotocols(String.join(",", webSocket.subprotocols()))
                .decoderConfig(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(webSocket.frameBytesMax())
                        .allowExtensions(false)
                        .withUTF8Validator(false)
                        // We close ourselves: Netty would say it twice.
                        .closeOnProtocolViolation(false)
                        .build())
                .build()));
        pipeline.addLast(new WebSocketStream(gate));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof BinaryWebSocketFrame || message instanceof ContinuationWebSocketFrame) {
            ByteBuf content = ((WebSocketFrame) message).content();
            if (closing || !content.isReadable()) {
                content.release();
            } else {
                gate.spoke();
                context.fireChannelRead(content);
            }
        } else {
            ReferenceCountUtil.release(message);
            if (message instanceof TextWebSocketFrame) {
                // MQTT-6.0.0-1: another data frame than a binary one closes the connection.
                close(context, WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException violation) {
            LOG.debug("closing connection {}: {}", gate.info().id(), violation.getMessage());
            close(context, violation.closeStatus());
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    private void close(ChannelHandlerContext context, WebSocketCloseStatus status) {
        if (!closing) {
            closing = true;
            context.writeAndFlush(new CloseWebSocketFrame(status)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // That the upgrade is done concerns nobody behind: the first bytes say it.
        if (event.getClass().getEnclosingClass() == WebSocketServerProtocolHandler.class) {
            return;
        }
        context.fireUserEventTriggered(event);
    }
}
