/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Decodes what a server sends to a client of a known version. Confined to the loop of its connection. */
public final class MqttClientDecoder extends FrameDecoder<ClientPacketHandler> {

    public MqttClientDecoder(MqttVersion version, int maximumPacketSize) {
        super(true, maximumPacketSize, FirstBytes.fromServer(version));
        speak(version);
    }

    @Override
    void dispatch(int first, ByteBuf in, int start, int end, ClientPacketHandler out) {
        int type = first >> 4;
        switch (type) {
            case PacketType.PUBLISH -> readPublish(first, in, start, end, out);
            case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP ->
                readAcknowledgement(type, in, start, end, out);
            default -> {
                fields.wrap(in, start, end);
                dispatchRecord(type, out);
            }
        }
    }

    private void dispatchRecord(int type, ClientPacketHandler out) {
        switch (type) {
            case PacketType.CONNACK -> {
                ConnAck connAck = readConnAck();
                fields.expectEnd();
                out.onConnAck(connAck);
            }
            case PacketType.SUBACK -> {
                int packetId = fields.packetId();
                MqttProperties properties = readProperties(type);
                out.onSubAck(new SubAck(packetId, readReasonCodes(type), properties));
            }
            case PacketType.UNSUBACK -> {
                int packetId = fields.packetId();
                MqttProperties properties = readProperties(type);
                List<Integer> codes = isV5() ? readReasonCodes(type) : List.of();
                fields.expectEnd();
                out.onUnsubAck(new UnsubAck(packetId, codes, properties));
            }
            case PacketType.PINGRESP -> {
                fields.expectEnd();
                out.onPingResp();
            }
            case PacketType.DISCONNECT -> {
                Disconnect disconnect = readDisconnect();
                fields.expectEnd();
                out.onDisconnect(disconnect);
            }
            default -> {
                Auth auth = readAuth();
                fields.expectEnd();
                out.onAuth(auth);
            }
        }
    }

    private ConnAck readConnAck() {
        int flags = fields.unsignedByte();
        int code = fields.unsignedByte();
        if (version() == MqttVersion.V3_1) {
            flags = 0; // a reserved byte before session present was invented
        } else if (flags > 1) {
            throw MqttProtocolException.malformed("reserved bits in the flags of CONNACK"); // 3.2.2-1
        }
        if (flags == 1 && code != 0) {
            throw MqttProtocolException.protocolError("session present in a refusal"); // 3.2.2-6
        }
        if (isV5()) {
            checkReasonCode(PacketType.CONNACK, code);
        } else if (code > 5) {
            throw MqttProtocolException.protocolError("reserved return code");
        }
        return new ConnAck(flags == 1, code, readProperties(PacketType.CONNACK));
    }

    private List<Integer> readReasonCodes(int type) {
        List<Integer> codes = new ArrayList<>(4);
        while (fields.hasMore()) {
            int code = fields.unsignedByte();
            checkReasonCode(type, code);
            if (!isV5() && code > 2 && code != ReasonCode.UNSPECIFIED_ERROR) {
                throw MqttProtocolException.protocolError("reserved return code");
            }
            codes.add(code);
        }
        if (codes.isEmpty()) {
            throw MqttProtocolException.malformed("acknowledgement without a code");
        }
        return List.copyOf(codes);
    }
}
