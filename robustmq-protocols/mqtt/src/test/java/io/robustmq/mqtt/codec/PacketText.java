/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Writes down what a decoder hands on, one line a packet, reading every range it is given. Both handlers in one, so that
 * golden files and oracles need one spelling only. Confined to a test's thread.
 */
class PacketText implements PacketHandler, ClientPacketHandler {
    private static final Map<MqttVersion, byte[]> CONNECTS = new EnumMap<>(MqttVersion.class);

    static {
        for (MqttVersion version : MqttVersion.values()) {
            CONNECTS.put(version, connect(version));
        }
    }

    private final List<String> lines = new ArrayList<>();
    private final MqttVersion version;

    PacketText(MqttVersion version) {
        this.version = version;
    }

    List<String> lines() {
        return lines;
    }

    String last() {
        return lines.get(lines.size() - 1);
    }

    /** Control characters and the byte order mark, which no editor shows, are escaped. */
    void add(String line) {
        StringBuilder text = new StringBuilder(line.length() + 8);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < ' ' || c >= 0x7F && c < 0xA0 || c == '\uFEFF') {
                text.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
            } else {
                text.append(c);
            }
        }
        lines.add(text.toString());
    }

    /** Decodes what a client sends; if a CONNECT is not part of it, one is sent ahead that does not show. */
    static List<String> ofClient(MqttVersion version, ByteBuf bytes) {
        PacketText text = new PacketText(version);
        MqttDecoder decoder = new MqttDecoder(FrameDecoder.LARGEST_PACKET);
        if (bytes.getUnsignedByte(bytes.readerIndex()) >> 4 != PacketType.CONNECT) {
            connected(decoder, version, text);
            text.lines.clear();
        }
        decoder.decode(bytes, text);
        return text.lines;
    }

    static List<String> ofServer(MqttVersion version, ByteBuf bytes) {
        PacketText text = new PacketText(version);
        new MqttClientDecoder(version, FrameDecoder.LARGEST_PACKET).decode(bytes, text);
        return text.lines;
    }

    static void connected(MqttDecoder decoder, MqttVersion version, PacketHandler out) {
        decoder.decode(Unpooled.wrappedBuffer(CONNECTS.get(version)), out);
    }

    private static byte[] connect(MqttVersion version) {
        ByteBuf out = Unpooled.buffer();
        MqttClientEncoder.connect(out, new Connect(version, "c", true, 0, null, null, null, MqttProperties.NONE));
        return ByteBufUtil.getBytes(out);
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
        String properties = version != MqttVersion.V5
                ? ""
                : " " + publishProperties(buffer, propertiesOffset, propertiesLength, topicAlias);
        add("PUBLISH qos=" + qos + (dup ? " dup" : "") + (retain ? " retain" : "")
                + (qos > 0 ? " id=" + packetId : "")
                + " topic=" + buffer.toString(topicOffset, topicLength, StandardCharsets.UTF_8)
                + properties
                + " payload=" + ByteBufUtil.hexDump(buffer, payloadOffset, payloadLength));
    }

    private static String publishProperties(ByteBuf buffer, int offset, int length, int topicAlias) {
        PublishProperties parsed = new PublishProperties().parse(buffer, offset, length);
        List<String> parts = new ArrayList<>();
        if (parsed.payloadFormat() != 0) {
            parts.add("1=" + parsed.payloadFormat());
        }
        if (parsed.messageExpirySeconds() >= 0) {
            parts.add("2=" + parsed.messageExpirySeconds());
        }
        if (parsed.contentType() != null) {
            parts.add("3=" + parsed.contentType());
        }
        if (parsed.responseTopic() != null) {
            parts.add("8=" + parsed.responseTopic());
        }
        byte[] correlationData = parsed.correlationData();
        if (correlationData != null) {
            parts.add("9=" + ByteBufUtil.hexDump(correlationData));
        }
        for (int identifier : parsed.subscriptionIdentifiers()) {
            parts.add("11=" + identifier);
        }
        if (topicAlias >= 0) {
            parts.add("35=" + topicAlias);
        }
        parsed.forEachUserProperty((name, value) -> parts.add("38=" + name + ":" + value));
        return parts.toString();
    }

    static String properties(MqttProperties properties) {
        List<String> parts = new ArrayList<>();
        for (int id = 1; id <= PropertyId.SHARED_SUBSCRIPTION_AVAILABLE; id++) {
            if (properties.has(id) && id != PropertyId.USER_PROPERTY) {
                parts.add(id + "="
                        + switch (PropertyId.type(id)) {
                            case UTF8_STRING -> properties.string(id);
                            case BINARY_DATA -> ByteBufUtil.hexDump(properties.binary(id));
                            default -> properties.number(id, -1);
                        });
            }
        }
        properties.userProperties().forEach(user -> parts.add("38=" + user.name() + ":" + user.value()));
        return parts.toString();
    }

    private String suffix(MqttProperties properties) {
        return version == MqttVersion.V5 ? " " + properties(properties) : "";
    }

    @Override
    public void onPubAck(int packetId, int reasonCode) {
        add(acknowledgement("PUBACK", packetId, reasonCode));
    }

    @Override
    public void onPubRec(int packetId, int reasonCode) {
        add(acknowledgement("PUBREC", packetId, reasonCode));
    }

    @Override
    public void onPubRel(int packetId, int reasonCode) {
        add(acknowledgement("PUBREL", packetId, reasonCode));
    }

    @Override
    public void onPubComp(int packetId, int reasonCode) {
        add(acknowledgement("PUBCOMP", packetId, reasonCode));
    }

    static String acknowledgement(String name, int packetId, int reasonCode) {
        return name + " id=" + packetId + " code=" + hex(reasonCode);
    }

    static String hex(int code) {
        return (code < 16 ? "0" : "") + Integer.toHexString(code);
    }

    @Override
    public void onConnect(Connect connect) {
        Will will = connect.will();
        byte[] password = connect.password();
        add("CONNECT " + connect.version() + " client=" + connect.clientId()
                + (connect.cleanStart() ? " clean" : "")
                + " keepAlive=" + connect.keepAliveSeconds()
                + (connect.userName() == null ? "" : " user=" + connect.userName())
                + (password == null ? "" : " password=" + ByteBufUtil.hexDump(password))
                + suffix(connect.properties())
                + (will == null
                        ? ""
                        : " will(qos=" + will.qos() + (will.retain() ? " retain" : "") + " topic=" + will.topic()
                                + " payload=" + ByteBufUtil.hexDump(will.payload()) + suffix(will.properties()) + ")"));
    }

    @Override
    public void onSubscribe(Subscribe subscribe) {
        StringBuilder line = new StringBuilder("SUBSCRIBE id=" + subscribe.packetId());
        for (SubscriptionRequest request : subscribe.requests()) {
            line.append(" ").append(request.filter()).append("@").append(request.qos());
            line.append(request.noLocal() ? "n" : "").append(request.retainAsPublished() ? "p" : "");
            line.append(request.retainHandling() > 0 ? "h" + request.retainHandling() : "");
        }
        add(line + suffix(subscribe.properties()));
    }

    @Override
    public void onUnsubscribe(Unsubscribe unsubscribe) {
        add("UNSUBSCRIBE id=" + unsubscribe.packetId() + " " + String.join(" ", unsubscribe.filters())
                + suffix(unsubscribe.properties()));
    }

    @Override
    public void onPingReq() {
        add("PINGREQ");
    }

    @Override
    public void onDisconnect(Disconnect disconnect) {
        add("DISCONNECT code=" + hex(disconnect.reasonCode()) + suffix(disconnect.properties()));
    }

    @Override
    public void onAuth(Auth auth) {
        add("AUTH code=" + hex(auth.reasonCode()) + suffix(auth.properties()));
    }

    @Override
    public void onConnAck(ConnAck connAck) {
        add("CONNACK code=" + hex(connAck.reasonCode()) + (connAck.sessionPresent() ? " present" : "")
                + suffix(connAck.properties()));
    }

    @Override
    public void onSubAck(SubAck subAck) {
        add("SUBACK id=" + subAck.packetId() + codes(subAck.reasonCodes()) + suffix(subAck.properties()));
    }

    @Override
    public void onUnsubAck(UnsubAck unsubAck) {
        add("UNSUBACK id=" + unsubAck.packetId() + codes(unsubAck.reasonCodes()) + suffix(unsubAck.properties()));
    }

    static String codes(List<Integer> codes) {
        StringBuilder text = new StringBuilder();
        codes.forEach(code -> text.append(" ").append(hex(code)));
        return text.toString();
    }

    @Override
    public void onPingResp() {
        add("PINGRESP");
    }
}
