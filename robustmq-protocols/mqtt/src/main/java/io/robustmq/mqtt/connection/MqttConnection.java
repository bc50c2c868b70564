/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.mqtt.codec.Auth;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.MqttDecoder;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttProtocolException;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketHandler;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.Subscribe;
import io.robustmq.mqtt.codec.Unsubscribe;
import io.robustmq.mqtt.session.MqttCounters;
import io.robustmq.mqtt.session.MqttLoop;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.mqtt.session.MqttSession;
import io.robustmq.protocol.CloseRequest;
import io.robustmq.protocol.ConnectionAttributes;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.QuotaPort;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: feeds its reads to the decoder, hands packets to their handlers, keeps its time, and closes with
 * the protocol's own reason. Confined to its loop.
 */
public final class MqttConnection extends ChannelInboundHandlerAdapter implements PacketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

    private static final int SMALL_BYTES = 64 * 1024;

    private final MqttServices services;
    private final MqttCounters counters;
    private final Channel channel;
    private final Loop loop;
    private final MqttLoop mqttLoop;
    private final ConnectionInfo info;
    private final MqttListener listener;
    private final MqttDecoder decoder;
    private final Outbound outbound;
    private final ConnectPackets connecting;
    private @Nullable ByteBuf cumulation;
    private @Nullable PublishPackets publishing;
    private @Nullable SubscribePackets subscribing;
    private @Nullable MqttSession session;
    private @Nullable MqttWire wire;
    private @Nullable Cancellable timer;
    private QuotaPort.@Nullable Presence presence;
    /** Null as long as nothing limits what the client publishes. */
    private @Nullable Throttle throttle;

    private int held;
    private long lastReadNanos;
    private boolean published;
    private boolean paused;
    private boolean stalled;
    private boolean throttled;
    private boolean awaiting;
    private boolean closed;
    private int closeReason = -1;

    public MqttConnection(
            MqttServices services,
            Channel channel,
            Loop loop,
            ConnectionInfo info,
            MqttListener listener,
            Function<MqttConnection, ConnectPackets> connecting) {
        this.services = services;
        this.counters = services.counters();
        this.channel = channel;
        this.loop = loop;
        this.mqttLoop = services.on(loop);
        this.info = info;
        this.listener = listener;
        this.decoder = new MqttDecoder(listener.packetBytesMax());
        this.outbound = new Outbound(
                channel,
                mqttLoop,
                counters,
                services.ports().budget(),
                services.limits().outboundBytesMax(),
                this::endOfTurn);
        this.connecting = connecting.apply(this);
    }

    // --- what handlers use

    public Loop loop() {
        return loop;
    }

    public ConnectionInfo info() {
        return info;
    }

    public MqttListener listener() {
        return listener;
    }

    public MqttLoop mqttLoop() {
        return mqttLoop;
    }

    public MqttDecoder decoder() {
        return decoder;
    }

    /** Where to write one packet. */
    public ByteBuf out() {
        mqttLoop.traffic().packetsSent++;
        return outbound.buffer();
    }

    Outbound outbound() {
        return outbound;
    }

    public Channel channel() {
        return channel;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Why this side has closed it; -1 when it has not, or without a word. */
    public int closeReason() {
        return closeReason;
    }

    public MqttVersion version() {
        MqttVersion spoken = decoder.version();
        return spoken == null ? MqttVersion.V3_1_1 : spoken;
    }

    public @Nullable MqttSession session() {
        return session;
    }

    /** The client is let in: packets other than CONNECT have handlers from now on. */
    public void established(
            MqttSession taken,
            MqttWire way,
            PublishPackets publishes,
            SubscribePackets subscriptions,
            int keepAliveSeconds) {
        session = taken;
        channel.attr(ConnectionAttributes.CLIENT_ID).set(taken.clientId());
        wire = way;
        publishing = publishes;
        subscribing = subscriptions;
        Cancellable waiting = timer;
        if (waiting != null) {
            waiting.cancel();
            timer = null;
        }
        if (keepAliveSeconds > 0) {
            // One and a half times, and not a moment less ([MQTT-3.1.2-22]).
            watch(keepAliveSeconds * 1500L);
        }
    }

    /** The client has been counted in: what it publishes is charged. */
    public void counted(QuotaPort.Presence counted) {
        presence = counted;
    }

    /** What comes now waits until an answer is there. */
    public void suspendDecoding() {
        awaiting = true;
        decoder.suspend();
    }

    /** Goes on reading after an answer was waited for. */
    public void resumeDecoding() {
        awaiting = false;
        decodeOn();
    }

    private void decodeOn() {
        if (closed || awaiting || throttled) {
            return;
        }
        decoder.resume();
        readAgain();
        ByteBuf rest = cumulation;
        if (rest != null) {
            cumulation = null;
            decode(rest, true);
        }
    }

    // --- reading

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        mqttLoop.traffic().sockets++;
        timer = loop.schedule(services.limits().connectTimeoutMillis(), () -> {
            if (session == null) {
                close(ReasonCode.MAXIMUM_CONNECT_TIME, "no CONNECT within the time");
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (closed) {
            in.release();
            return;
        }
        lastReadNanos = loop.clock().nanos();
        mqttLoop.traffic().bytesReceived += in.readableBytes();
        ByteBuf rest = cumulation;
        if (rest == null) {
            decode(in, false);
        } else {
            cumulation = null;
            try {
                if (rest.writableBytes() < in.readableBytes()) {
                    rest = Rests.enlarge(rest, in.readableBytes(), decoder.missingBytes());
                }
                rest.writeBytes(in);
            } finally {
                in.release();
            }
            decode(rest, true);
        }
    }

    /**
     * Decodes and keeps what is incomplete; the buffer's reference passes to this method.
     *
     * @param own whether the buffer is this connection's cumulation, not a shared read buffer
     */
    private void decode(ByteBuf owned, boolean own) {
        boolean kept = false;
        QuotaPort.Presence counted = presence;
        if (counted != null) {
            throttle = Throttle.of(throttle, counted, this);
        }
        try {
            mqttLoop.traffic().packetsReceived += decoder.decode(owned, this);
            if (!closed && owned.isReadable() && !decoder.isStopped()) {
                // What waits for its turn is not copied for each packet of it.
                kept = own && (owned.readerIndex() == 0 || decoder.isSuspended());
                cumulation = kept ? owned : Rests.of(owned, decoder.missingBytes());
                if (decoder.isSuspended()) {
                    channel.config().setAutoRead(false);
                }
            }
        } catch (MqttProtocolException e) {
            counters.protocolErrors.increment();
            LOG.debug("{} from {} broke the protocol: {}", clientId(), info.remote(), e.getMessage());
            if (session == null) {
                connecting.refuseMalformed(e);
            } else {
                close(e.reasonCode(), String.valueOf(e.getMessage()));
            }
        } finally {
            if (!kept) {
                owned.release();
            }
        }
        if (!hold(cumulation == null ? 0 : cumulation.capacity())) {
            close(ReasonCode.QUOTA_EXCEEDED, "the node has no memory for a large packet");
        }
        pauseUnderPressure();
        if (!outbound.takesAnswers()) {
            stalled = true;
            channel.config().setAutoRead(false);
        }
    }

    /** What has come of a large packet counts against the node's memory; false when there is not so much. */
    private boolean hold(int bytes) {
        int wanted = bytes <= SMALL_BYTES ? 0 : bytes;
        if (wanted > held && !services.ports().budget().tryReserve(wanted - held)) {
            return false;
        }
        if (wanted < held) {
            services.ports().budget().release(held - wanted);
        }
        held = wanted;
        return true;
    }

    /** What it has published is paid for. */
    void paid() {
        throttled = false;
        // What the client said meanwhile has not been read; its silence is counted from now on.
        lastReadNanos = loop.clock().nanos();
        decodeOn();
    }

    /** Whoever publishes is not read while the node is short of memory. */
    private void pauseUnderPressure() {
        boolean publisher = published;
        published = false;
        if (!paused && publisher && services.ports().budget().underPressure()) {
            paused = true;
            counters.readsPaused.increment();
            channel.config().setAutoRead(false);
            mqttLoop.pause(() -> {
                paused = false;
                // What the client said meanwhile has not been read; its silence is counted from now on.
                lastReadNanos = loop.clock().nanos();
                readAgain();
            });
        }
    }

    private void readAgain() {
        if (!closed && !paused && !stalled && !decoder.isSuspended()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            outbound.writable();
            if (session != null && session.hasPending()) {
                outbound.mark();
            }
        }
    }

    /** After the appends of the turn: what waits goes along with what is written. */
    private void endOfTurn() {
        MqttSession current = session;
        if (current != null && !closed && current.hasPending()) {
            current.drain();
        }
        outbound.flush();
        if (closed) {
            return;
        }
        if (stalled && outbound.takesAnswers()) {
            stalled = false;
            readAgain();
        }
        if (current != null && current.canDrain()) {
            // The flush made room that no acknowledgement will announce.
            outbound.mark();
        }
    }

    // --- time

    private void watch(long limitMillis) {
        lastReadNanos = loop.clock().nanos();
        timer = loop.schedule(limitMillis, () -> checkAlive(limitMillis));
    }

    private void checkAlive(long limitMillis) {
        if (closed) {
            return;
        }
        long silentMillis = (loop.clock().nanos() - lastReadNanos) / 1_000_000;
        if (paused || throttled) {
            timer = loop.schedule(limitMillis, () -> checkAlive(limitMillis));
        } else if (silentMillis >= limitMillis) {
            counters.keepAliveTimeouts.increment();
            close(ReasonCode.KEEP_ALIVE_TIMEOUT, "nothing was heard for " + silentMillis + " ms");
        } else {
            timer = loop.schedule(Math.max(1, limitMillis - silentMillis), () -> checkAlive(limitMillis));
        }
    }

    // --- packets

    @Override
    public void onConnect(Connect connect) {
        connecting.connect(connect);
    }

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
            int topicAlias) {
        PublishPackets handler = publishing;
        if (handler != null) {
            published = true;
            mqttLoop.traffic().publishBytesReceived += payloadLength;
            handler.publish(
                    buffer,
                    qos,
                    dup,
                    retain,
                    packetId,
                    topicOffset,
                    topicLength,
                    propertiesOffset,
                    propertiesLength,
                    payloadOffset,
                    payloadLength,
                    topicAlias);
            Throttle limit = throttle;
            if (limit != null && !closed && limit.charge(topicLength + propertiesLength + payloadLength)) {
                throttled = true;
                decoder.suspend();
                channel.config().setAutoRead(false);
            }
        }
    }

    @Override
    public void onPubAck(int packetId, int reasonCode) {
        MqttSession current = session;
        if (current != null && current.acknowledged(packetId) && current.hasPending()) {
            outbound.mark();
        }
    }

    @Override
    public void onPubRec(int packetId, int reasonCode) {
        if (session != null) {
            Receipts.received(this, session, packetId, reasonCode);
        }
    }

    @Override
    public void onPubRel(int packetId, int reasonCode) {
        PublishPackets handler = publishing;
        if (handler != null) {
            handler.release(packetId);
        }
    }

    @Override
    public void onPubComp(int packetId, int reasonCode) {
        MqttSession current = session;
        if (current != null && current.completed(packetId) && current.hasPending()) {
            outbound.mark();
        }
    }

    @Override
    public void onSubscribe(Subscribe subscribe) {
        SubscribePackets handler = subscribing;
        if (handler != null) {
            handler.subscribe(subscribe);
        }
    }

    @Override
    public void onUnsubscribe(Unsubscribe unsubscribe) {
        SubscribePackets handler = subscribing;
        if (handler != null) {
            handler.unsubscribe(unsubscribe);
        }
    }

    @Override
    public void onPingReq() {
        MqttEncoder.pingResp(out());
    }

    @Override
    public void onDisconnect(Disconnect disconnect) {
        if (connecting.clientSaidGoodbye(disconnect)) {
            closeSilently();
        }
    }

    @Override
    public void onAuth(Auth auth) {
        // Enhanced authentication is not offered: CONNECT with a method was refused, so this is out of place.
        close(
                session == null ? ReasonCode.BAD_AUTHENTICATION_METHOD : ReasonCode.PROTOCOL_ERROR,
                "there is no authentication exchange on this connection");
    }

    // --- closing

    /** Tells an MQTT 5 client why, and closes. */
    public void close(int reasonCode, String why) {
        if (closed) {
            return;
        }
        if (session != null || version() == MqttVersion.V5) {
            LOG.debug("closing {} from {}: {}", clientId(), info.remote(), why);
        }
        closeReason = reasonCode;
        decoder.stop();
        MqttWire established = wire;
        if (session != null && established != null && !outbound.isClosed()) {
            MqttProperties properties = established.explains()
                    ? MqttProperties.builder()
                            .string(PropertyId.REASON_STRING, why)
                            .build()
                    : MqttProperties.NONE;
            MqttEncoder.disconnect(out(), version(), reasonCode, properties, established.packetBytesMax());
        }
        finish();
        outbound.closeAfterFlush();
    }

    /** Closes without a word. */
    public void closeSilently() {
        decoder.stop();
        finish();
        outbound.closeAfterFlush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        finish();
        outbound.close();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof java.io.IOException) {
            LOG.debug("connection of {} from {} broke: {}", clientId(), info.remote(), cause.getMessage());
        } else {
            LOG.error("connection of {} from {} failed", clientId(), info.remote(), cause);
        }
        decoder.stop();
        finish();
        outbound.close();
        context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof CloseRequest request) {
            close(ReasonCode.ADMINISTRATIVE_ACTION, request.reason());
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** Everything that ends with the connection; once. */
    private void finish() {
        if (closed) {
            return;
        }
        closed = true;
        Cancellable waiting = timer;
        if (waiting != null) {
            waiting.cancel();
        }
        Throttle limit = throttle;
        if (limit != null) {
            limit.cancel();
        }
        ByteBuf rest = cumulation;
        if (rest != null) {
            cumulation = null;
            rest.release();
        }
        hold(0);
        MqttWire way = wire;
        if (way != null) {
            mqttLoop.closed(way);
        }
        connecting.connectionClosed();
    }

    private String clientId() {
        MqttSession current = session;
        return current == null ? "a client" : "'" + current.clientId() + "'";
    }
}
