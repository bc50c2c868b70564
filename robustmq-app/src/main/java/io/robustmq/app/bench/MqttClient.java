/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.robustmq.mqtt.codec.Auth;
import io.robustmq.mqtt.codec.ClientPacketHandler;
import io.robustmq.mqtt.codec.ConnAck;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.FrameDecoder;
import io.robustmq.mqtt.codec.MqttClientDecoder;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttProtocolException;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.UnsubAck;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the generator: connects, decodes, and gathers what a read makes it write into one send. Confined to
 * its channel's loop.
 */
abstract class MqttClient extends ChannelInboundHandlerAdapter implements ClientPacketHandler {
    private static final int REPLY_BYTES = 1024;
    private static final int DURABLE_SECONDS = 3600;

    final MqttVersion version;
    private final String clientId;
    private final MqttClientDecoder decoder;
    private final CompletableFuture<MqttClient> ready = new CompletableFuture<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable String userName;
    private byte @Nullable [] password;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;
    private @Nullable ByteBuf replies;
    private boolean closing;
    private @Nullable BenchException failure;
    private String address = "";
    private int receiveMaximum = 65_535;

    /** When the bytes that are being decoded were read. */
    long readNanos;

    MqttClient(MqttVersion version, String clientId) {
        this.version = version;
        this.clientId = clientId;
        this.decoder = new MqttClientDecoder(version, FrameDecoder.LARGEST_PACKET);
    }

    /** Completes when the client can do what it is for. */
    final CompletableFuture<MqttClient> ready() {
        return ready;
    }

    /** Why the connection ended before {@link #close}, null while it is well. */
    final @Nullable BenchException failure() {
        return failure;
    }

    /** How many QoS 1 and 2 messages the server takes at a time. */
    final int receiveMaximum() {
        return receiveMaximum;
    }

    final ChannelHandlerContext context() {
        ChannelHandlerContext current = context;
        if (current == null) {
            throw new IllegalStateException("not connected");
        }
        return current;
    }

    final void becomeReady() {
        ready.complete(this);
    }

    final void failed(BenchException reason) {
        if (failure == null && !closing) {
            failure = reason;
        }
        ready.completeExceptionally(reason);
    }

    /** The server has accepted the connection. */
    abstract void accepted();

    final void close() {
        closing = true;
        ChannelHandlerContext current = context;
        if (current != null && current.channel().isActive()) {
            ByteBuf out = current.alloc().ioBuffer(16);
            MqttClientEncoder.disconnect(out, version, 0, MqttProperties.NONE);
            current.writeAndFlush(out).addListener(future -> current.close());
        }
    }

    /** A buffer that is sent when the current read is over. */
    final ByteBuf replies() {
        ByteBuf current = replies;
        if (current == null) {
            current = context().alloc().ioBuffer(REPLY_BYTES);
            replies = current;
        }
        return current;
    }

    @Override
    public final void channelActive(ChannelHandlerContext active) {
        context = active;
        ByteBuf out = active.alloc().ioBuffer(128);
        boolean durable = isDurable();
        MqttProperties wishes = durable && version.hasProperties()
                ? MqttProperties.builder()
                        .number(PropertyId.SESSION_EXPIRY_INTERVAL, DURABLE_SECONDS)
                        .build()
                : MqttProperties.NONE;
        MqttClientEncoder.connect(out, new Connect(version, clientId, !durable, 0, null, userName, password, wishes));
        active.writeAndFlush(out);
    }

    /** Whom it says it is, and to whom; before it connects. */
    final void logIn(@Nullable String name, byte @Nullable [] secret, String broker) {
        address = broker;
        userName = name;
        password = secret;
    }

    /** Whether the session outlives its connection. */
    boolean isDurable() {
        return false;
    }

    @Override
    public final void channelRead(ChannelHandlerContext reading, Object message) {
        readNanos = System.nanoTime();
        ByteBuf in = (ByteBuf) message;
        try {
            if (rest.isReadable()) {
                rest.writeBytes(in);
                decoder.decode(rest, this);
                shrinkRest();
            } else {
                decoder.decode(in, this);
                keepRest(reading, in);
            }
        } catch (MqttProtocolException e) {
            failed(new BenchException(BenchException.FAILED, "the broker broke the protocol: " + e.getMessage()));
            reading.close();
        } finally {
            in.release();
        }
    }

    private void shrinkRest() {
        if (rest.isReadable()) {
            rest.discardSomeReadBytes();
        } else {
            rest.release();
            rest = Unpooled.EMPTY_BUFFER;
        }
    }

    private void keepRest(ChannelHandlerContext reading, ByteBuf in) {
        if (in.isReadable()) {
            rest = reading.alloc().buffer(in.readableBytes() + Math.max(0, decoder.missingBytes()));
            rest.writeBytes(in);
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext reading) {
        flushReplies();
    }

    /** Sends what has been gathered so far. */
    final void flushReplies() {
        ByteBuf gathered = replies;
        if (gathered != null) {
            replies = null;
            context().writeAndFlush(gathered, context().voidPromise());
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ended) {
        rest.release();
        rest = Unpooled.EMPTY_BUFFER;
        failed(new BenchException(
                BenchException.UNREACHABLE, "the broker at " + address + " closed the connection of " + clientId));
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
        failed(Failure.connection(cause, address, "the connection of " + clientId + " failed: " + cause));
        failing.close();
    }

    @Override
    public final void onConnAck(ConnAck connAck) {
        if (connAck.reasonCode() != 0) {
            failed(Failure.refused(version, clientId, connAck.reasonCode()));
            context().close();
            return;
        }
        receiveMaximum = (int) connAck.properties().number(PropertyId.RECEIVE_MAXIMUM, 65_535);
        accepted();
    }

    @Override
    public void onSubAck(SubAck subAck) {}

    @Override
    public void onUnsubAck(UnsubAck unsubAck) {}

    @Override
    public void onPingResp() {}

    @Override
    public void onPublish(
            ByteBuf buffer,
            int qos,
            boolean dup,
            boolean retain,
            int packetId,
            int topicOffset,
            int topicLength,
            int propertiesOffset,
            int propertiesLength,
            int payloadOffset,
            int payloadLength,
            int topicAlias) {}

    @Override
    public void onPubAck(int packetId, int reasonCode) {}

    @Override
    public void onPubRec(int packetId, int reasonCode) {}

    @Override
    public void onPubRel(int packetId, int reasonCode) {}

    @Override
    public void onPubComp(int packetId, int reasonCode) {}

    @Override
    public final void onDisconnect(Disconnect disconnect) {
        failed(Failure.answered("the broker disconnects " + clientId, disconnect.reasonCode()));
    }

    @Override
    public final void onAuth(Auth auth) {}
}
