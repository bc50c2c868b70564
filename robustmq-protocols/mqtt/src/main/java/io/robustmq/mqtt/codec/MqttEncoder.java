/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;

/**
 * Writes the packets a server sends (PUBLISH and acknowledgements: also those of a client) into a given buffer, after
 * computing their exact size. Each method returns the number of bytes written. Stateless.
 *
 * <p>Where a maximum packet size is given, Reason String and User Property yield to it (3.2.2-19, 3.2.2-20 and their
 * like for the other packets).
 */
public final class MqttEncoder {
    private static final int LONGEST_FIELD = 65_535;

    private MqttEncoder() {}

    /**
     * CONNACK. Before MQTT 5 the code becomes a return code; if none fits, nothing is written and 0 is returned: the
     * connection closes without a word (v3:3.2.2-6).
     */
    public static int connAck(
            ByteBuf out,
            MqttVersion version,
            boolean sessionPresent,
            int reasonCode,
            MqttProperties properties,
            int maximumPacketSize) {
        boolean v5 = version == MqttVersion.V5;
        int code = v5 ? reasonCode : ReasonCode.toV3ConnectReturnCode(reasonCode);
        if (code < 0) {
            return 0;
        }
        MqttProperties sent = v5 ? fit(properties, 2, maximumPacketSize) : MqttProperties.NONE;
        int size = begin(out, PacketType.CONNACK << 4, v5 ? 2 + sent.encodedSize() : 2);
        // 3.1 calls the first byte reserved; session present came with 3.1.1, and never with a refusal (3.2.2-6).
        out.writeByte(sessionPresent && code == 0 && version != MqttVersion.V3_1 ? 1 : 0);
        out.writeByte(code);
        if (v5) {
            sent.writeTo(out);
        }
        return size;
    }

    /**
     * The CONNACK for a client whose protocol level is not spoken here: in the form of 3.x for old ones and for bridges
     * that mark their level with the high bit, in the form of MQTT 5 for ones yet to come.
     */
    public static int refuseVersion(ByteBuf out, int protocolLevel) {
        boolean newer = protocolLevel > MqttVersion.V5.level() && protocolLevel < 0x80;
        MqttVersion form = newer ? MqttVersion.V5 : MqttVersion.V3_1_1;
        int code = ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
        return connAck(out, form, false, code, MqttProperties.NONE, FrameDecoder.LARGEST_PACKET);
    }

    public static int pubAck(ByteBuf out, MqttVersion version, int packetId, int reasonCode) {
        return acknowledge(out, PacketType.PUBACK << 4, version, packetId, reasonCode);
    }

    public static int pubRec(ByteBuf out, MqttVersion version, int packetId, int reasonCode) {
        return acknowledge(out, PacketType.PUBREC << 4, version, packetId, reasonCode);
    }

    public static int pubRel(ByteBuf out, MqttVersion version, int packetId, int reasonCode) {
        return acknowledge(out, PacketType.PUBREL << 4 | 0x02, version, packetId, reasonCode);
    }

    public static int pubComp(ByteBuf out, MqttVersion version, int packetId, int reasonCode) {
        return acknowledge(out, PacketType.PUBCOMP << 4, version, packetId, reasonCode);
    }

    /** Any of the four acknowledgements with properties, which are not written before MQTT 5. */
    public static int acknowledge(
            ByteBuf out,
            int packetType,
            MqttVersion version,
            int packetId,
            int reasonCode,
            MqttProperties properties,
            int maximumPacketSize) {
        int first = packetType << 4 | (packetType == PacketType.PUBREL ? 0x02 : 0);
        MqttProperties sent = version == MqttVersion.V5 ? fit(properties, 3, maximumPacketSize) : MqttProperties.NONE;
        if (sent.isEmpty()) {
            return acknowledge(out, first, version, packetId, reasonCode);
        }
        int size = begin(out, first, 3 + sent.encodedSize());
        out.writeShort(packetId).writeByte(reasonCode);
        sent.writeTo(out);
        return size;
    }

    private static int acknowledge(ByteBuf out, int first, MqttVersion version, int packetId, int reasonCode) {
        if (reasonCode == 0 || version != MqttVersion.V5) {
            out.writeInt(first << 24 | 2 << 16 | packetId);
            return 4;
        }
        out.writeInt(first << 24 | 3 << 16 | packetId);
        out.writeByte(reasonCode);
        return 5;
    }

    /** SUBACK; before MQTT 5 every failure is 0x80. */
    public static int subAck(
            ByteBuf out,
            MqttVersion version,
            int packetId,
            List<Integer> reasonCodes,
            MqttProperties properties,
            int maximumPacketSize) {
        boolean v5 = version == MqttVersion.V5;
        int fixed = 2 + reasonCodes.size();
        MqttProperties sent = v5 ? fit(properties, fixed, maximumPacketSize) : MqttProperties.NONE;
        int size = begin(out, PacketType.SUBACK << 4, v5 ? fixed + sent.encodedSize() : fixed);
        out.writeShort(packetId);
        if (v5) {
            sent.writeTo(out);
        }
        for (int code : reasonCodes) {
            out.writeByte(!v5 && ReasonCode.isError(code) ? ReasonCode.UNSPECIFIED_ERROR : code);
        }
        return size;
    }

    /** UNSUBACK; before MQTT 5 without codes. */
    public static int unsubAck(
            ByteBuf out,
            MqttVersion version,
            int packetId,
            List<Integer> reasonCodes,
            MqttProperties properties,
            int maximumPacketSize) {
        if (version != MqttVersion.V5) {
            int size = begin(out, PacketType.UNSUBACK << 4, 2);
            out.writeShort(packetId);
            return size;
        }
        int fixed = 2 + reasonCodes.size();
        MqttProperties sent = fit(properties, fixed, maximumPacketSize);
        int size = begin(out, PacketType.UNSUBACK << 4, fixed + sent.encodedSize());
        out.writeShort(packetId);
        sent.writeTo(out);
        for (int code : reasonCodes) {
            out.writeByte(code);
        }
        return size;
    }

    public static int pingResp(ByteBuf out) {
        out.writeShort(PacketType.PINGRESP << 12);
        return 2;
    }

    /** A server's DISCONNECT; before MQTT 5 there is none, and nothing is written. */
    public static int disconnect(
            ByteBuf out, MqttVersion version, int reasonCode, MqttProperties properties, int maximumPacketSize) {
        if (version != MqttVersion.V5) {
            return 0;
        }
        return codeAndProperties(out, PacketType.DISCONNECT, reasonCode, fit(properties, 1, maximumPacketSize));
    }

    /** AUTH, of either side. */
    public static int auth(ByteBuf out, int reasonCode, MqttProperties properties, int maximumPacketSize) {
        return codeAndProperties(out, PacketType.AUTH, reasonCode, fit(properties, 1, maximumPacketSize));
    }

    /** DISCONNECT and AUTH: what is at its default at the end of the packet is left out. */
    static int codeAndProperties(ByteBuf out, int packetType, int reasonCode, MqttProperties properties) {
        if (properties.isEmpty()) {
            int length = reasonCode == 0 ? 0 : 1;
            int size = begin(out, packetType << 4, length);
            if (length == 1) {
                out.writeByte(reasonCode);
            }
            return size;
        }
        int size = begin(out, packetType << 4, 1 + properties.encodedSize());
        out.writeByte(reasonCode);
        properties.writeTo(out);
        return size;
    }

    /** The bytes {@link #publish} will write, to be compared with the receiver's Maximum Packet Size (3.1.2-24). */
    public static int publishSize(MqttVersion version, OutboundPublish publish) {
        int remaining = publishRemaining(version, publish, publish.propertyBlockSize());
        return 1 + VariableByteInteger.size(remaining) + remaining;
    }

    /** PUBLISH, of either side. Before MQTT 5 all properties are left out. */
    public static int publish(ByteBuf out, MqttVersion version, OutboundPublish publish) {
        int blockSize = publish.propertyBlockSize();
        int remaining = publishRemaining(version, publish, blockSize);
        int size = 1 + VariableByteInteger.size(remaining) + remaining;
        out.ensureWritable(size);
        int start = out.writerIndex();
        int qos = publish.qos;
        int first = PacketType.PUBLISH << 4 | (publish.dup && qos > 0 ? 0x08 : 0) | qos << 1 | (publish.retain ? 1 : 0);
        out.setByte(start, first);
        int at = VariableByteInteger.set(out, start + 1, remaining);
        out.setShort(at, publish.topicLength);
        at += 2;
        out.setBytes(at, publish.topic, publish.topicOffset, publish.topicLength);
        at += publish.topicLength;
        if (qos > 0) {
            out.setShort(at, publish.packetId);
            at += 2;
        }
        if (version == MqttVersion.V5) {
            at = VariableByteInteger.set(out, at, blockSize);
            if (blockSize > 0) {
                at = setProperties(out, at, publish);
            }
        }
        out.setBytes(at, publish.payload, publish.payloadOffset, publish.payloadLength);
        out.writerIndex(start + size);
        return size;
    }

    private static int publishRemaining(MqttVersion version, OutboundPublish publish, int blockSize) {
        int remaining = 2 + publish.topicLength + (publish.qos > 0 ? 2 : 0) + publish.payloadLength;
        return version == MqttVersion.V5 ? remaining + VariableByteInteger.size(blockSize) + blockSize : remaining;
    }

    private static int setProperties(ByteBuf out, int start, OutboundPublish publish) {
        int at = start;
        if (publish.messageExpirySeconds >= 0) {
            out.setByte(at, PropertyId.MESSAGE_EXPIRY_INTERVAL);
            out.setInt(at + 1, (int) publish.messageExpirySeconds);
            at += 5;
        }
        if (publish.topicAlias != 0) {
            out.setByte(at, PropertyId.TOPIC_ALIAS);
            out.setShort(at + 1, publish.topicAlias);
            at += 3;
        }
        for (int i = 0; i < publish.subscriptionIdentifierCount; i++) {
            out.setByte(at++, PropertyId.SUBSCRIPTION_IDENTIFIER);
            at = VariableByteInteger.set(out, at, publish.subscriptionIdentifiers[i]);
        }
        out.setBytes(at, publish.properties, publish.propertiesOffset, publish.propertiesLength);
        return at + publish.propertiesLength;
    }

    /** Leaves the diagnostics out of a packet that would be too large with them. */
    private static MqttProperties fit(MqttProperties properties, int otherBytes, int maximumPacketSize) {
        if (properties.isEmpty()) {
            return properties;
        }
        int remaining = otherBytes + properties.encodedSize();
        boolean fits = 1 + VariableByteInteger.size(remaining) + remaining <= maximumPacketSize;
        return fits ? properties : properties.withoutDiagnostics();
    }

    /** Reserves the packet, writes its fixed header, returns its size. */
    static int begin(ByteBuf out, int first, int remaining) {
        if (remaining > VariableByteInteger.MAXIMUM) {
            throw new IllegalArgumentException("packet too large: " + remaining);
        }
        int size = 1 + VariableByteInteger.size(remaining) + remaining;
        out.ensureWritable(size);
        out.writeByte(first);
        VariableByteInteger.write(out, remaining);
        return size;
    }

    static int stringSize(String value) {
        int length = ByteBufUtil.utf8Bytes(value);
        if (length > LONGEST_FIELD) {
            throw new IllegalArgumentException("string too long: " + length);
        }
        return 2 + length;
    }

    static int binarySize(byte[] value) {
        if (value.length > LONGEST_FIELD) {
            throw new IllegalArgumentException("binary data too long: " + value.length);
        }
        return 2 + value.length;
    }

    static void writeString(ByteBuf out, String value) {
        int length = ByteBufUtil.utf8Bytes(value);
        out.writeShort(length);
        ByteBufUtil.reserveAndWriteUtf8(out, value, length);
    }

    static void writeBinary(ByteBuf out, byte[] value) {
        out.writeShort(value.length);
        out.writeBytes(value);
    }
}
