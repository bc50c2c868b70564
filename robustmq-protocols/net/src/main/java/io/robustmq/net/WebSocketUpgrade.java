/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.robustmq.protocol.ListenerSpec;
import java.util.Arrays;

/**
 * Looks at the one HTTP request that a connection may make: an upgrade on the right path goes on, anything else is
 * answered with a sentence and closed. Confined to the connection's loop.
 */
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {
    private final ListenerSpec.WebSocket webSocket;

    WebSocketUpgrade(ListenerSpec.WebSocket webSocket) {
        this.webSocket = webSocket;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        FullHttpRequest request = (FullHttpRequest) message;
        String path = request.uri().split("\\?", 2)[0];
        if (request.decoderResult().cause() instanceof TooLongHttpLineException) {
            refuse(context, request, HttpResponseStatus.REQUEST_URI_TOO_LONG, "The path is too long.");
        } else if (request.decoderResult().cause() instanceof TooLongHttpHeaderException) {
            refuse(
                    context,
                    request,
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "The headers of the request are too long.");
        } else if (request.decoderResult().isFailure()) {
            refuse(context, request, HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request.");
        } else if (!path.equals(webSocket.path())) {
            refuse(context, request, HttpResponseStatus.NOT_FOUND, "The WebSocket is at " + webSocket.path() + ".");
        } else if (request.method() != HttpMethod.GET
                || !request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            refuse(
                    context,
                    request,
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "This port speaks WebSocket only; upgrade the connection.");
        } else if (!offersOurs(request)) {
            refuse(
                    context,
                    request,
                    HttpResponseStatus.BAD_REQUEST,
                    "None of the offered subprotocols is one of " + String.join(", ", webSocket.subprotocols()) + ".");
        } else {
            request.setUri(path);
            context.fireChannelRead(request);
            context.pipeline().remove(this);
        }
    }

    /** A client that offers nothing takes what there is; many browsers' clients do so. */
    private boolean offersOurs(FullHttpRequest request) {
        String offered = String.join(",", request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
        return offered.isBlank()
                || Arrays.stream(offered.split(",")).map(String::trim).anyMatch(webSocket.subprotocols()::contains);
    }

    private static void refuse(
            ChannelHandlerContext context, FullHttpRequest ownedRequest, HttpResponseStatus status, String sentence) {
        ownedRequest.release();
        ByteBuf body = ByteBufUtil.writeUtf8(context.alloc(), sentence + "\n");
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
