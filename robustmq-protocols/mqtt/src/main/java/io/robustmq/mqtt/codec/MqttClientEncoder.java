/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Writes the packets that only a client sends; the others are in {@link MqttEncoder}. Each method returns the number of
 * bytes written. Stateless.
 */
public final class MqttClientEncoder {
    private MqttClientEncoder() {}

    public static int connect(ByteBuf out, Connect connect) {
        MqttVersion version = connect.version();
        boolean v5 = version == MqttVersion.V5;
        Will will = connect.will();
        String userName = connect.userName();
        byte[] password = connect.password();
        int remaining = MqttEncoder.stringSize(version.protocolName()) + 4 + MqttEncoder.stringSize(connect.clientId());
        remaining += v5 ? connect.properties().encodedSize() : 0;
        if (will != null) {
            remaining += MqttEncoder.stringSize(will.topic()) + MqttEncoder.binarySize(will.payload());
            remaining += v5 ? will.properties().encodedSize() : 0;
        }
        remaining += userName == null ? 0 : MqttEncoder.stringSize(userName);
        remaining += password == null ? 0 : MqttEncoder.binarySize(password);
        int size = MqttEncoder.begin(out, PacketType.CONNECT << 4, remaining);
        MqttEncoder.writeString(out, version.protocolName());
        out.writeByte(version.level()).writeByte(flags(connect)).writeShort(connect.keepAliveSeconds());
        if (v5) {
            connect.properties().writeTo(out);
        }
        MqttEncoder.writeString(out, connect.clientId());
        if (will != null) {
            writeWill(out, will, v5);
        }
        if (userName != null) {
            MqttEncoder.writeString(out, userName);
        }
        if (password != null) {
            MqttEncoder.writeBinary(out, password);
        }
        return size;
    }

    private static int flags(Connect connect) {
        Will will = connect.will();
        int flags = connect.cleanStart() ? 0x02 : 0;
        if (will != null) {
            flags |= 0x04 | will.qos() << 3 | (will.retain() ? 0x20 : 0);
        }
        return flags | (connect.userName() == null ? 0 : 0x80) | (connect.password() == null ? 0 : 0x40);
    }

    private static void writeWill(ByteBuf out, Will will, boolean v5) {
        if (v5) {
            will.properties().writeTo(out);
        }
        MqttEncoder.writeString(out, will.topic());
        MqttEncoder.writeBinary(out, will.payload());
    }

    /** Before MQTT 5 only the QoS of the options is written, and no properties. */
    public static int subscribe(
            ByteBuf out,
            MqttVersion version,
            int packetId,
            List<SubscriptionRequest> requests,
            MqttProperties properties) {
        boolean v5 = version == MqttVersion.V5;
        int remaining = 2 + (v5 ? properties.encodedSize() : 0);
        for (SubscriptionRequest request : requests) {
            remaining += MqttEncoder.stringSize(request.filter()) + 1;
        }
        int size = MqttEncoder.begin(out, PacketType.SUBSCRIBE << 4 | 0x02, remaining);
        out.writeShort(packetId);
        if (v5) {
            properties.writeTo(out);
        }
        for (SubscriptionRequest request : requests) {
            MqttEncoder.writeString(out, request.filter());
            out.writeByte(v5 ? request.options() : request.qos());
        }
        return size;
    }

    public static int unsubscribe(
            ByteBuf out, MqttVersion version, int packetId, List<String> filters, MqttProperties properties) {
        boolean v5 = version == MqttVersion.V5;
        int remaining = 2 + (v5 ? properties.encodedSize() : 0);
        for (String filter : filters) {
            remaining += MqttEncoder.stringSize(filter);
        }
        int size = MqttEncoder.begin(out, PacketType.UNSUBSCRIBE << 4 | 0x02, remaining);
        out.writeShort(packetId);
        if (v5) {
            properties.writeTo(out);
        }
        for (String filter : filters) {
            MqttEncoder.writeString(out, filter);
        }
        return size;
    }

    public static int pingReq(ByteBuf out) {
        out.writeShort(PacketType.PINGREQ << 12);
        return 2;
    }

    /** Before MQTT 5 always the empty packet. */
    public static int disconnect(ByteBuf out, MqttVersion version, int reasonCode, MqttProperties properties) {
        boolean v5 = version == MqttVersion.V5;
        return MqttEncoder.codeAndProperties(
                out, PacketType.DISCONNECT, v5 ? reasonCode : 0, v5 ? properties : MqttProperties.NONE);
    }
}
