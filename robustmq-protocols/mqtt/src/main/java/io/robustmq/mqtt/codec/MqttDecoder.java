/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes what a client sends: CONNECT first, which settles the version, then everything else. Confined to the loop of
 * its connection.
 */
public final class MqttDecoder extends FrameDecoder<PacketHandler> {
    private int protocolLevel = -1;

    /** The size counts the whole packet with its header, as Maximum Packet Size does. */
    public MqttDecoder(int maximumPacketSize) {
        super(false, maximumPacketSize, FirstBytes.CLIENT_FIRST);
    }

    /**
     * The level a CONNECT with the right protocol name asked for, -1 if there was none. Together with a null
     * {@link #version()} it tells how to refuse: see {@link MqttEncoder#refuseVersion}.
     */
    public int protocolLevel() {
        return protocolLevel;
    }

    void level(int level) {
        protocolLevel = level;
    }

    @Override
    void dispatch(int first, ByteBuf in, int start, int end, PacketHandler out) {
        int type = first >> 4;
        switch (type) {
            case PacketType.PUBLISH -> readPublish(first, in, start, end, out);
            case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP ->
                readAcknowledgement(type, in, start, end, out);
            case PacketType.PINGREQ -> {
                fields.wrap(in, start, end);
                fields.expectEnd();
                out.onPingReq();
            }
            default -> dispatchRecord(type, in, start, end, out);
        }
    }

    private void dispatchRecord(int type, ByteBuf in, int start, int end, PacketHandler out) {
        fields.wrap(in, start, end);
        switch (type) {
            case PacketType.CONNECT -> {
                Connect connect = new ConnectReader(this, fields).read();
                finish();
                expect(FirstBytes.fromClient(connect.version()));
                out.onConnect(connect);
            }
            case PacketType.SUBSCRIBE -> {
                Subscribe subscribe = readSubscribe();
                finish();
                out.onSubscribe(subscribe);
            }
            case PacketType.UNSUBSCRIBE -> {
                Unsubscribe unsubscribe = readUnsubscribe();
                finish();
                out.onUnsubscribe(unsubscribe);
            }
            case PacketType.DISCONNECT -> {
                Disconnect disconnect = readDisconnect();
                finish();
                out.onDisconnect(disconnect);
            }
            default -> {
                Auth auth = readAuth();
                finish();
                out.onAuth(auth);
            }
        }
    }

    private void finish() {
        fields.expectEnd();
        fields.clear();
    }

    private Subscribe readSubscribe() {
        int packetId = fields.packetId();
        MqttProperties properties = readProperties(PacketType.SUBSCRIBE);
        List<SubscriptionRequest> requests = new ArrayList<>(4);
        while (fields.hasMore()) {
            String filter = readFilter();
            requests.add(
                    isV5() ? optionsOf5(filter, fields.unsignedByte()) : optionsOf3(filter, fields.unsignedByte()));
        }
        if (requests.isEmpty()) {
            throw MqttProtocolException.protocolError("SUBSCRIBE without a filter"); // 3.8.3-2
        }
        return new Subscribe(packetId, requests, properties);
    }

    private static SubscriptionRequest optionsOf3(String filter, int options) {
        if (options > 2) { // v3:3.8.3-4: a reserved bit, or QoS 3
            throw MqttProtocolException.malformed("reserved bits or QoS 3 in the options of a subscription");
        }
        return new SubscriptionRequest(filter, options);
    }

    private static SubscriptionRequest optionsOf5(String filter, int options) {
        if ((options & 0xC0) != 0) { // 3.8.3-5
            throw MqttProtocolException.malformed("reserved bits in the options of a subscription");
        }
        int qos = options & 0x03;
        int retainHandling = options >> 4;
        boolean noLocal = (options & 0x04) != 0;
        if (qos == 3 || retainHandling == 3) {
            throw MqttProtocolException.protocolError("QoS 3 or retain handling 3 in a subscription");
        }
        if (noLocal && filter.startsWith(TopicFilters.SHARED_PREFIX)) { // 3.8.3-4
            throw MqttProtocolException.protocolError("no local on a shared subscription");
        }
        return new SubscriptionRequest(filter, qos, noLocal, (options & 0x08) != 0, retainHandling);
    }

    private Unsubscribe readUnsubscribe() {
        int packetId = fields.packetId();
        MqttProperties properties = readProperties(PacketType.UNSUBSCRIBE);
        List<String> filters = new ArrayList<>(4);
        while (fields.hasMore()) {
            filters.add(readFilter());
        }
        if (filters.isEmpty()) {
            throw MqttProtocolException.protocolError("UNSUBSCRIBE without a filter"); // 3.10.3-2
        }
        return new Unsubscribe(packetId, List.copyOf(filters), properties);
    }

    private String readFilter() {
        String filter = fields.string();
        if (!TopicFilters.isValid(filter, isV5())) {
            throw new MqttProtocolException(ReasonCode.TOPIC_FILTER_INVALID, "topic filter is not valid");
        }
        return filter;
    }
}
