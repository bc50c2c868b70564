/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Says of Netty's messages what {@link PacketText} says of ours. */
final class NettyText {
    private NettyText() {}

    static String of(MqttVersion version, MqttMessage message) {
        if (!message.decoderResult().isSuccess()) {
            throw new AssertionError(
                    "netty refuses " + message, message.decoderResult().cause());
        }
        PacketText escaping = new PacketText(version);
        escaping.add(text(version, message));
        return escaping.last();
    }

    private static String text(MqttVersion version, MqttMessage message) {
        MqttFixedHeader header = message.fixedHeader();
        return switch (header.messageType()) {
            case CONNECT -> connect(version, (MqttConnectMessage) message);
            case CONNACK -> {
                var connAck = ((MqttConnAckMessage) message).variableHeader();
                yield "CONNACK code="
                        + PacketText.hex(connAck.connectReturnCode().byteValue() & 0xFF)
                        + (connAck.isSessionPresent() ? " present" : "")
                        + suffix(version, connAck.properties());
            }
            case PUBLISH -> publish(version, (MqttPublishMessage) message);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> {
                var reply = (MqttPubReplyMessageVariableHeader) message.variableHeader();
                yield PacketText.acknowledgement(
                        header.messageType().name(), reply.messageId(), reply.reasonCode() & 0xFF);
            }
            case SUBSCRIBE -> subscribe(version, (MqttSubscribeMessage) message);
            case SUBACK -> {
                var subAck = (MqttSubAckMessage) message;
                yield "SUBACK id=" + subAck.variableHeader().messageId()
                        + PacketText.codes(subAck.payload().reasonCodes())
                        + suffix(version, subAck.idAndPropertiesVariableHeader().properties());
            }
            case UNSUBSCRIBE -> {
                var unsubscribe = (MqttUnsubscribeMessage) message;
                yield "UNSUBSCRIBE id=" + unsubscribe.variableHeader().messageId() + " "
                        + String.join(" ", unsubscribe.payload().topics())
                        + suffix(
                                version,
                                unsubscribe.idAndPropertiesVariableHeader().properties());
            }
            case UNSUBACK -> {
                var unsubAck = (MqttUnsubAckMessage) message;
                List<Integer> codes = new ArrayList<>();
                unsubAck.payload().unsubscribeReasonCodes().forEach(code -> codes.add(code & 0xFF));
                yield "UNSUBACK id=" + unsubAck.variableHeader().messageId() + PacketText.codes(codes)
                        + suffix(
                                version,
                                unsubAck.idAndPropertiesVariableHeader().properties());
            }
            case PINGREQ, PINGRESP -> header.messageType().name();
            case DISCONNECT, AUTH -> codeAndProperties(version, message);
        };
    }

    private static String codeAndProperties(MqttVersion version, MqttMessage message) {
        String name = message.fixedHeader().messageType().name();
        if (message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
            return name + " code=" + PacketText.hex(header.reasonCode() & 0xFF) + suffix(version, header.properties());
        }
        return name + " code=00" + suffix(version, MqttProperties.NO_PROPERTIES);
    }

    private static String connect(MqttVersion version, MqttConnectMessage connect) {
        var header = connect.variableHeader();
        var payload = connect.payload();
        return "CONNECT " + version + " client=" + payload.clientIdentifier()
                + (header.isCleanSession() ? " clean" : "")
                + " keepAlive=" + header.keepAliveTimeSeconds()
                + (header.hasUserName() ? " user=" + payload.userName() : "")
                + (header.hasPassword() ? " password=" + ByteBufUtil.hexDump(payload.passwordInBytes()) : "")
                + suffix(version, header.properties())
                + (header.isWillFlag()
                        ? " will(qos=" + header.willQos() + (header.isWillRetain() ? " retain" : "") + " topic="
                                + payload.willTopic() + " payload="
                                + ByteBufUtil.hexDump(payload.willMessageInBytes())
                                + suffix(version, payload.willProperties()) + ")"
                        : "");
    }

    private static String publish(MqttVersion version, MqttPublishMessage publish) {
        MqttFixedHeader header = publish.fixedHeader();
        int qos = header.qosLevel().value();
        return "PUBLISH qos=" + qos + (header.isDup() ? " dup" : "") + (header.isRetain() ? " retain" : "")
                + (qos > 0 ? " id=" + publish.variableHeader().packetId() : "")
                + " topic=" + publish.variableHeader().topicName()
                + suffix(version, publish.variableHeader().properties())
                + " payload=" + ByteBufUtil.hexDump(publish.payload());
    }

    private static String subscribe(MqttVersion version, MqttSubscribeMessage subscribe) {
        StringBuilder text =
                new StringBuilder("SUBSCRIBE id=" + subscribe.variableHeader().messageId());
        for (MqttTopicSubscription request : subscribe.payload().topicSubscriptions()) {
            var option = request.option();
            text.append(" ")
                    .append(request.topicFilter())
                    .append("@")
                    .append(option.qos().value());
            text.append(option.isNoLocal() ? "n" : "").append(option.isRetainAsPublished() ? "p" : "");
            int retainHandling = option.retainHandling().value();
            text.append(retainHandling > 0 ? "h" + retainHandling : "");
        }
        return text + suffix(version, subscribe.idAndPropertiesVariableHeader().properties());
    }

    private static String suffix(MqttVersion version, MqttProperties properties) {
        if (version != MqttVersion.V5) {
            return "";
        }
        List<MqttProperties.MqttProperty<?>> sorted = new ArrayList<>();
        properties.listAll().forEach(sorted::add);
        sorted.sort(Comparator.comparingInt(MqttProperties.MqttProperty::propertyId));
        List<String> parts = new ArrayList<>();
        List<String> users = new ArrayList<>();
        for (MqttProperties.MqttProperty<?> property : sorted) {
            if (property instanceof MqttProperties.UserProperties pairs) {
                pairs.value().forEach(pair -> users.add("38=" + pair.key + ":" + pair.value));
            } else if (property instanceof MqttProperties.IntegerProperty number) {
                parts.add(number.propertyId() + "=" + Integer.toUnsignedLong(number.value()));
            } else if (property instanceof MqttProperties.BinaryProperty binary) {
                parts.add(binary.propertyId() + "=" + ByteBufUtil.hexDump(binary.value()));
            } else {
                parts.add(property.propertyId() + "=" + property.value());
            }
        }
        parts.addAll(users);
        return " " + parts;
    }
}
