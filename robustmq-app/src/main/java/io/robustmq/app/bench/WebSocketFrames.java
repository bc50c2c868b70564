/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;

/**
 * Makes a WebSocket look like a TCP connection: active once upgraded, then buffers in both directions. Confined to the
 * channel's loop.
 */
final class WebSocketFrames extends ChannelDuplexHandler {
    private static final int FRAME_BYTES_MAX = 4 * 1024 * 1024;
    private static final int RESPONSE_BYTES_MAX = 8 * 1024;

    private WebSocketFrames() {}

    static void addTo(ChannelPipeline pipeline, URI uri) {
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(uri)
                .subprotocol("mqtt")
                .maxFramePayloadLength(FRAME_BYTES_MAX)
                .build();
        pipeline.addLast(
                new HttpClientCodec(),
                new HttpObjectAggregator(RESPONSE_BYTES_MAX),
                new WebSocketClientProtocolHandler(config),
                new WebSocketFrames());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // The connection becomes active for MQTT only with the upgrade.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            context.fireChannelActive();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame frame) {
            context.fireChannelRead(frame.content());
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }
}
