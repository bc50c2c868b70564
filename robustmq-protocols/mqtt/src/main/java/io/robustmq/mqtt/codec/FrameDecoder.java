/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the byte stream into packets and reads those that both sides send. Confined to the loop of its connection.
 *
 * @param <H> who takes the packets
 */
public abstract sealed class FrameDecoder<H extends PublishHandler> permits MqttDecoder, MqttClientDecoder {
    /** The largest packet the format allows: five bytes of header and the largest remaining length. */
    public static final int LARGEST_PACKET = 5 + VariableByteInteger.MAXIMUM;

    final FieldReader fields = new FieldReader();
    /** Made for the first PUBLISH with properties. */
    private @Nullable PublishProperties publishProperties;

    private final boolean fromServer;
    private final int maximumPacketSize;
    private byte[] firstBytes;
    private @Nullable MqttVersion version;
    private int missingBytes;
    private boolean suspended;
    private boolean stopped;

    FrameDecoder(boolean fromServer, int maximumPacketSize, byte[] firstBytes) {
        this.fromServer = fromServer;
        this.maximumPacketSize = maximumPacketSize;
        this.firstBytes = firstBytes;
    }

    /**
     * Hands on all complete packets and leaves the rest unread, for the caller to accumulate. Nothing is read beyond the
     * writer index, and no packet is waited for that is wrong in its first bytes. What the handler throws passes through.
     * After a failure, or after {@link #stop}, whatever arrives is skipped.
     *
     * @return how many packets were handed on
     * @throws MqttProtocolException if the peer broke the protocol; the reader index then stands before that packet
     */
    public final int decode(ByteBuf in, H out) {
        int packets = 0;
        int index = in.readerIndex();
        int end = in.writerIndex();
        missingBytes = 0;
        try {
            while (index < end && !suspended && !stopped) {
                int next = decodeOne(in, index, end, out);
                if (next < 0) {
                    return packets;
                }
                index = next;
                packets++;
            }
        } catch (RuntimeException | Error e) {
            stopped = true;
            throw e;
        }
        if (stopped) {
            in.readerIndex(end);
        }
        return packets;
    }

    /**
     * How many bytes are certainly missing for the packet whose beginning {@link #decode} left unread, 0 if it left none.
     * A caller that waits for that many copies a large packet once.
     */
    public final int missingBytes() {
        return missingBytes;
    }

    /** Called by the handler: {@link #decode} returns after this packet and does nothing until {@link #resume}. */
    public final void suspend() {
        suspended = true;
    }

    /** Lets {@link #decode} work again; the caller hands it the bytes that were left. */
    public final void resume() {
        suspended = false;
    }

    public final boolean isSuspended() {
        return suspended;
    }

    /** Called when the connection is about to close: no further packet is handed on. */
    public final void stop() {
        stopped = true;
    }

    public final boolean isStopped() {
        return stopped;
    }

    /** Known from the moment CONNECT told it, also if that CONNECT turns out to be wrong later on. */
    public final @Nullable MqttVersion version() {
        return version;
    }

    /** The parsed properties of the PUBLISH being handed on; valid only during {@link PublishHandler#onPublish}. */
    public final PublishProperties publishProperties() {
        PublishProperties known = publishProperties;
        if (known == null) {
            known = new PublishProperties();
            publishProperties = known;
        }
        return known;
    }

    /** Reads a packet that is complete between the bounds. */
    abstract void dispatch(int first, ByteBuf in, int start, int end, H out);

    final void speak(MqttVersion spoken) {
        version = spoken;
    }

    final void expect(byte[] allowedFirstBytes) {
        firstBytes = allowedFirstBytes;
    }

    final boolean isV5() {
        return version == MqttVersion.V5;
    }

    /** Returns where the next packet begins, or -1 if this one is incomplete. */
    private int decodeOne(ByteBuf in, int index, int end, H out) {
        int first = in.getUnsignedByte(index);
        int fault = firstBytes[first];
        if (fault != 0) {
            throw new MqttProtocolException(fault & 0xFF, "packet type or its flags are not allowed here");
        }
        int remaining = 0;
        int at = index + 1;
        for (int shift = 0; ; shift += 7) {
            if (shift > 21) {
                throw MqttProtocolException.malformed("remaining length has more than four bytes");
            }
            if (at == end) {
                missingBytes = 1;
                return -1;
            }
            int octet = in.getByte(at++);
            remaining |= (octet & 0x7F) << shift;
            if (octet >= 0) {
                // The shortest form is demanded since MQTT 5; devices of 3.x pad the length to a fixed width.
                if (octet == 0 && shift > 0 && isV5()) {
                    throw MqttProtocolException.malformed("remaining length is not in its shortest form");
                }
                break;
            }
        }
        int packetEnd = at + remaining;
        if (packetEnd - index > maximumPacketSize) {
            throw new MqttProtocolException(ReasonCode.PACKET_TOO_LARGE, "packet is larger than the maximum");
        }
        if (packetEnd > end) {
            missingBytes = packetEnd - end;
            return -1;
        }
        dispatch(first, in, at, packetEnd, out);
        in.readerIndex(packetEnd);
        return packetEnd;
    }

    final void readPublish(int first, ByteBuf in, int start, int end, PublishHandler out) {
        int qos = first >> 1 & 3;
        int topicOffset = start + 2;
        if (topicOffset > end) {
            throw truncated();
        }
        int topicLength = in.getUnsignedShort(start);
        int at = topicOffset + topicLength;
        int packetId = 0;
        if (qos > 0) {
            if (at + 2 > end) {
                throw truncated();
            }
            packetId = in.getUnsignedShort(at);
            if (packetId == 0) {
                throw MqttProtocolException.protocolError("packet identifier 0"); // 2.2.1-3
            }
            at += 2;
        } else if (at > end) {
            throw truncated();
        }
        int propertiesOffset = at;
        int propertiesLength = 0;
        int topicAlias = -1;
        if (isV5()) {
            fields.wrap(in, at, end);
            propertiesLength = fields.variableByteInteger();
            propertiesOffset = fields.position();
            fields.narrow(propertiesLength);
            at = propertiesOffset + propertiesLength;
            if (propertiesLength == 0) {
                if (publishProperties != null) {
                    publishProperties.reset();
                }
            } else {
                topicAlias = publishProperties()
                        .parse(in, propertiesOffset, propertiesLength, fromServer)
                        .topicAlias();
            }
        }
        if (topicLength == 0 && topicAlias < 0) {
            throw MqttProtocolException.protocolError("empty topic name without a topic alias");
        }
        Utf8.checkTopicName(in, topicOffset, topicLength);
        out.onPublish(
                in,
                qos,
                (first & 0x08) != 0,
                (first & 0x01) != 0,
                packetId,
                topicOffset,
                topicLength,
                propertiesOffset,
                propertiesLength,
                at,
                end - at,
                topicAlias);
    }

    /** PUBACK, PUBREC, PUBREL and PUBCOMP. */
    final void readAcknowledgement(int type, ByteBuf in, int start, int end, PublishHandler out) {
        int length = end - start;
        if (length < 2 || length > 2 && !isV5()) {
            throw MqttProtocolException.malformed("acknowledgement has a wrong length");
        }
        int packetId = in.getUnsignedShort(start);
        if (packetId == 0) {
            throw MqttProtocolException.protocolError("packet identifier 0");
        }
        int reasonCode = 0;
        if (length > 2) {
            reasonCode = in.getUnsignedByte(start + 2);
            checkReasonCode(type, reasonCode);
            if (length > 3) {
                fields.wrap(in, start + 3, end);
                MqttProperties.read(fields, type);
                fields.expectEnd();
            }
        }
        switch (type) {
            case PacketType.PUBACK -> out.onPubAck(packetId, reasonCode);
            case PacketType.PUBREC -> out.onPubRec(packetId, reasonCode);
            case PacketType.PUBREL -> out.onPubRel(packetId, reasonCode);
            default -> out.onPubComp(packetId, reasonCode);
        }
    }

    final Disconnect readDisconnect() {
        if (!fields.hasMore()) {
            return new Disconnect(ReasonCode.NORMAL_DISCONNECTION, MqttProperties.NONE);
        }
        if (!isV5()) {
            throw MqttProtocolException.malformed("DISCONNECT is not empty");
        }
        int reasonCode = fields.unsignedByte();
        checkReasonCode(PacketType.DISCONNECT, reasonCode);
        MqttProperties properties = readPropertiesIfAny(PacketType.DISCONNECT);
        int foreign = fromServer ? PropertyId.SESSION_EXPIRY_INTERVAL : PropertyId.SERVER_REFERENCE;
        if (properties.has(foreign)) { // 3.14.2-2, and 3.14.2.2.5: only the server refers to another
            throw MqttProtocolException.protocolError("property of the other side in DISCONNECT");
        }
        return new Disconnect(reasonCode, properties);
    }

    final Auth readAuth() {
        int reasonCode = fields.hasMore() ? fields.unsignedByte() : ReasonCode.SUCCESS;
        checkReasonCode(PacketType.AUTH, reasonCode);
        MqttProperties properties = readPropertiesIfAny(PacketType.AUTH);
        if (reasonCode != ReasonCode.SUCCESS && !properties.has(PropertyId.AUTHENTICATION_METHOD)) {
            throw MqttProtocolException.protocolError("AUTH without authentication method");
        }
        checkAuthentication(properties);
        return new Auth(reasonCode, properties);
    }

    static void checkAuthentication(MqttProperties properties) {
        if (properties.has(PropertyId.AUTHENTICATION_DATA) && !properties.has(PropertyId.AUTHENTICATION_METHOD)) {
            throw MqttProtocolException.protocolError("authentication data without method");
        }
    }

    final void checkReasonCode(int type, int reasonCode) {
        if (!ReasonCode.isAllowed(type, reasonCode, !fromServer)) {
            throw MqttProtocolException.protocolError("reason code is not one of this packet");
        }
    }

    /** Properties that MQTT 5 demands in this packet. */
    final MqttProperties readProperties(int packetType) {
        return isV5() ? MqttProperties.read(fields, packetType) : MqttProperties.NONE;
    }

    /** Properties at the end of a packet that may leave them out. */
    private MqttProperties readPropertiesIfAny(int packetType) {
        return fields.hasMore() ? MqttProperties.read(fields, packetType) : MqttProperties.NONE;
    }

    private static MqttProtocolException truncated() {
        return MqttProtocolException.malformed("PUBLISH is shorter than its fields");
    }
}
