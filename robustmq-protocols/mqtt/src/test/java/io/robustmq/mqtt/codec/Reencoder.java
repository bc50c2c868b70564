/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Encodes again what a decoder hands on. Confined to a test's thread. */
final class Reencoder implements PacketHandler, ClientPacketHandler {
    private static final int MAXIMUM = FrameDecoder.LARGEST_PACKET;

    private final MqttVersion version;
    private final boolean fromServer;
    private final ByteBuf out = Unpooled.buffer();
    private final OutboundPublish publish = new OutboundPublish();
    private final PublishProperties properties = new PublishProperties();
    private final ByteBuf block = Unpooled.buffer();

    Reencoder(MqttVersion version, boolean fromServer) {
        this.version = version;
        this.fromServer = fromServer;
    }

    ByteBuf out() {
        return out;
    }

    /** Decodes and encodes packets of one side. */
    static ByteBuf apply(MqttVersion version, boolean fromServer, ByteBuf bytes) {
        Reencoder reencoder = new Reencoder(version, fromServer);
        if (fromServer) {
            new MqttClientDecoder(version, MAXIMUM).decode(bytes, reencoder);
        } else {
            MqttDecoder decoder = new MqttDecoder(MAXIMUM);
            if (bytes.getUnsignedByte(bytes.readerIndex()) >> 4 != PacketType.CONNECT) {
                PacketText.connected(decoder, version, reencoder);
                reencoder.out.clear();
            }
            decoder.decode(bytes, reencoder);
        }
        return reencoder.out;
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
        properties.parse(buffer, propertiesOffset, propertiesLength);
        block.clear();
        publish.clear()
                .flags(qos, dup, retain, packetId)
                .topic(buffer, topicOffset, topicLength)
                .payload(buffer, payloadOffset, payloadLength);
        if (properties.isForwardable() || !fromServer && properties.topicAlias() < 0) {
            publish.properties(buffer, propertiesOffset, propertiesLength);
        } else {
            int length = properties.writeForwardable(block);
            publish.properties(block, 0, length).messageExpirySeconds(properties.messageExpirySeconds());
            publish.topicAlias(Math.max(0, properties.topicAlias()));
            for (int identifier : properties.subscriptionIdentifiers()) {
                publish.addSubscriptionIdentifier(identifier);
            }
        }
        MqttEncoder.publish(out, version, publish);
    }

    @Override
    public void onPubAck(int packetId, int reasonCode) {
        MqttEncoder.pubAck(out, version, packetId, reasonCode);
    }

    @Override
    public void onPubRec(int packetId, int reasonCode) {
        MqttEncoder.pubRec(out, version, packetId, reasonCode);
    }

    @Override
    public void onPubRel(int packetId, int reasonCode) {
        MqttEncoder.pubRel(out, version, packetId, reasonCode);
    }

    @Override
    public void onPubComp(int packetId, int reasonCode) {
        MqttEncoder.pubComp(out, version, packetId, reasonCode);
    }

    @Override
    public void onDisconnect(Disconnect disconnect) {
        if (fromServer) {
            MqttEncoder.disconnect(out, version, disconnect.reasonCode(), disconnect.properties(), MAXIMUM);
        } else {
            MqttClientEncoder.disconnect(out, version, disconnect.reasonCode(), disconnect.properties());
        }
    }

    @Override
    public void onAuth(Auth auth) {
        MqttEncoder.auth(out, auth.reasonCode(), auth.properties(), MAXIMUM);
    }

    @Override
    public void onConnect(Connect connect) {
        MqttClientEncoder.connect(out, connect);
    }

    @Override
    public void onSubscribe(Subscribe subscribe) {
        MqttClientEncoder.subscribe(out, version, subscribe.packetId(), subscribe.requests(), subscribe.properties());
    }

    @Override
    public void onUnsubscribe(Unsubscribe unsubscribe) {
        MqttClientEncoder.unsubscribe(
                out, version, unsubscribe.packetId(), unsubscribe.filters(), unsubscribe.properties());
    }

    @Override
    public void onPingReq() {
        MqttClientEncoder.pingReq(out);
    }

    @Override
    public void onConnAck(ConnAck connAck) {
        int code = version == MqttVersion.V5 ? connAck.reasonCode() : fromReturnCode(connAck.reasonCode());
        MqttEncoder.connAck(out, version, connAck.sessionPresent(), code, connAck.properties(), MAXIMUM);
    }

    private static int fromReturnCode(int returnCode) {
        return switch (returnCode) {
            case 0 -> ReasonCode.SUCCESS;
            case 1 -> ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
            case 2 -> ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
            case 3 -> ReasonCode.SERVER_UNAVAILABLE;
            case 4 -> ReasonCode.BAD_USER_NAME_OR_PASSWORD;
            default -> ReasonCode.NOT_AUTHORIZED;
        };
    }

    @Override
    public void onSubAck(SubAck subAck) {
        MqttEncoder.subAck(out, version, subAck.packetId(), subAck.reasonCodes(), subAck.properties(), MAXIMUM);
    }

    @Override
    public void onUnsubAck(UnsubAck unsubAck) {
        MqttEncoder.unsubAck(out, version, unsubAck.packetId(), unsubAck.reasonCodes(), unsubAck.properties(), MAXIMUM);
    }

    @Override
    public void onPingResp() {
        MqttEncoder.pingResp(out);
    }
}
