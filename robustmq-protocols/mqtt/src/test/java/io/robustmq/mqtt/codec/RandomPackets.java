/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes random packets that obey every rule. Confined to a test's thread. */
final class RandomPackets {
    private static final int MAXIMUM = FrameDecoder.LARGEST_PACKET;
    private static final String[] LEVELS = {"", "a", "sensors", "é", "日本", "😀", "with space", "$x", "0123456789abcdef"
    };
    private static final int[] V3_CONNECT_CODES = {0x00, 0x84, 0x85, 0x88, 0x86, 0x87};
    private static final int[] CONNACK_CODES = {0x00, 0x80, 0x87, 0x8C, 0x9F};
    private static final int[] PUBACK_CODES = {0x00, 0x10, 0x87, 0x97, 0x99};
    private static final int[] PUBREL_CODES = {0x00, 0x92};
    private static final int[] SUBACK_CODES = {0x00, 0x01, 0x02, 0x80, 0x87, 0x8F, 0xA2};
    private static final int[] UNSUBACK_CODES = {0x00, 0x11, 0x80, 0x8F};
    private static final int[] CLIENT_DISCONNECT_CODES = {0x00, 0x04, 0x81, 0x99};
    private static final int[] SERVER_DISCONNECT_CODES = {0x00, 0x8B, 0x8E, 0x9D, 0xA2};

    private final Random random;
    private final MqttVersion version;
    private final boolean v5;

    RandomPackets(Random random, MqttVersion version) {
        this.random = random;
        this.version = version;
        this.v5 = version == MqttVersion.V5;
    }

    /** Not a CONNECT. */
    void writeOfClient(ByteBuf out) {
        switch (random.nextInt(v5 ? 10 : 9)) {
            case 0, 1 -> writePublish(out, false);
            case 2 -> writeAcknowledgement(out);
            case 3 ->
                MqttClientEncoder.subscribe(out, version, packetId(), requests(), properties(PacketType.SUBSCRIBE));
            case 4 ->
                MqttClientEncoder.unsubscribe(out, version, packetId(), filters(), properties(PacketType.UNSUBSCRIBE));
            case 5 -> MqttClientEncoder.pingReq(out);
            case 6 ->
                MqttClientEncoder.disconnect(
                        out, version, one(CLIENT_DISCONNECT_CODES), without(PropertyId.SERVER_REFERENCE));
            case 7, 8 -> writePublish(out, false);
            default -> MqttEncoder.auth(out, random.nextBoolean() ? 0x18 : 0x19, authentication(), MAXIMUM);
        }
    }

    void writeOfServer(ByteBuf out) {
        switch (random.nextInt(v5 ? 9 : 7)) {
            case 0, 1 -> writePublish(out, true);
            case 2 -> writeAcknowledgement(out);
            case 3 ->
                MqttEncoder.subAck(
                        out, version, packetId(), codes(SUBACK_CODES), properties(PacketType.SUBACK), MAXIMUM);
            case 4 ->
                MqttEncoder.unsubAck(
                        out, version, packetId(), codes(UNSUBACK_CODES), properties(PacketType.UNSUBACK), MAXIMUM);
            case 5 -> MqttEncoder.pingResp(out);
            case 6 -> {
                int code = one(v5 ? CONNACK_CODES : V3_CONNECT_CODES);
                boolean present = code == 0 && random.nextBoolean();
                MqttEncoder.connAck(out, version, present, code, properties(PacketType.CONNACK), MAXIMUM);
            }
            case 7 ->
                MqttEncoder.disconnect(
                        out,
                        version,
                        one(SERVER_DISCONNECT_CODES),
                        without(PropertyId.SESSION_EXPIRY_INTERVAL),
                        MAXIMUM);
            default -> MqttEncoder.auth(out, 0x18, authentication(), MAXIMUM);
        }
    }

    void writeConnect(ByteBuf out) {
        Will will = random.nextBoolean()
                ? new Will(topic(), bytes(40), random.nextInt(3), random.nextBoolean(), properties(PropertyId.WILL))
                : null;
        boolean user = random.nextBoolean();
        boolean password = random.nextBoolean() && (user || v5);
        // 3.1: 1 to 23 characters
        String clientId = version == MqttVersion.V3_1 ? "c" + random.nextInt(1 << 20) : text();
        MqttClientEncoder.connect(
                out,
                new Connect(
                        version,
                        clientId,
                        random.nextBoolean(),
                        random.nextInt(1 << 16),
                        will,
                        user ? text() : null,
                        password ? bytes(20) : null,
                        connectProperties()));
    }

    private MqttProperties connectProperties() {
        MqttProperties properties = properties(PacketType.CONNECT);
        return properties.has(PropertyId.AUTHENTICATION_DATA) && !properties.has(PropertyId.AUTHENTICATION_METHOD)
                ? MqttProperties.NONE
                : properties;
    }

    private void writePublish(ByteBuf out, boolean fromServer) {
        ByteBuf topic = Unpooled.copiedBuffer(topic(), StandardCharsets.UTF_8);
        ByteBuf payload = Unpooled.wrappedBuffer(bytes(random.nextInt(20) == 0 ? 20_000 : 100));
        int qos = random.nextInt(3);
        OutboundPublish publish = new OutboundPublish()
                .flags(qos, qos > 0 && random.nextBoolean(), random.nextBoolean(), packetId())
                .topic(topic, 0, topic.readableBytes())
                .payload(payload, 0, payload.readableBytes());
        if (v5 && random.nextBoolean()) {
            ByteBuf block = Unpooled.buffer();
            MqttProperties properties = properties(PropertyId.WILL);
            MqttProperties.Builder forwardable = MqttProperties.builder();
            if (properties.has(PropertyId.CONTENT_TYPE)) {
                forwardable.string(PropertyId.CONTENT_TYPE, properties.string(PropertyId.CONTENT_TYPE));
            }
            if (properties.has(PropertyId.RESPONSE_TOPIC)) {
                forwardable.string(PropertyId.RESPONSE_TOPIC, properties.string(PropertyId.RESPONSE_TOPIC));
            }
            if (properties.has(PropertyId.CORRELATION_DATA)) {
                forwardable.binary(PropertyId.CORRELATION_DATA, properties.binary(PropertyId.CORRELATION_DATA));
            }
            properties.userProperties().forEach(user -> forwardable.user(user.name(), user.value()));
            MqttProperties sent = forwardable.build();
            sent.writeTo(block);
            block.skipBytes(block.readableBytes() - sent.blockSize());
            publish.properties(block, block.readerIndex(), block.readableBytes());
            publish.topicAlias(random.nextInt(3));
            publish.messageExpirySeconds(random.nextBoolean() ? -1 : random.nextInt() & 0xFFFF_FFFFL);
            for (int i = random.nextInt(4); i > 0 && fromServer; i--) {
                publish.addSubscriptionIdentifier(1 + random.nextInt(1 << 1 + random.nextInt(27)));
            }
        }
        MqttEncoder.publish(out, version, publish);
    }

    private void writeAcknowledgement(ByteBuf out) {
        int type = PacketType.PUBACK + random.nextInt(4);
        int code = one(type >= PacketType.PUBREL ? PUBREL_CODES : PUBACK_CODES);
        MqttEncoder.acknowledge(out, type, version, packetId(), v5 ? code : 0, properties(type), MAXIMUM);
    }

    private MqttProperties without(int id) {
        MqttProperties properties = properties(PacketType.DISCONNECT);
        return properties.has(id) ? MqttProperties.NONE : properties;
    }

    private MqttProperties authentication() {
        return MqttProperties.builder()
                .string(PropertyId.AUTHENTICATION_METHOD, text())
                .binary(PropertyId.AUTHENTICATION_DATA, bytes(30))
                .build();
    }

    /** A random choice of the properties legal in this packet, with legal values. */
    private MqttProperties properties(int packetType) {
        MqttProperties.Builder builder = MqttProperties.builder();
        if (!v5 || random.nextInt(3) == 0) {
            return builder.build();
        }
        // Flags come first: Netty 4.2.17 loses a last property of two bytes in a block of 128 bytes or more.
        addProperties(builder, packetType, true);
        addProperties(builder, packetType, false);
        return builder.build();
    }

    private void addProperties(MqttProperties.Builder builder, int packetType, boolean flags) {
        for (int id = 1; id <= PropertyId.SHARED_SUBSCRIPTION_AVAILABLE; id++) {
            if (!PropertyId.isLegal(id, packetType) || random.nextBoolean()) {
                continue;
            }
            PropertyId.Type type = PropertyId.type(id);
            if (flags != (type == PropertyId.Type.BYTE)) {
                continue;
            }
            switch (type) {
                case BYTE -> builder.flag(id, random.nextBoolean());
                case TWO_BYTE_INTEGER -> builder.number(id, 1 + random.nextInt(65_535));
                case FOUR_BYTE_INTEGER -> builder.number(id, 1 + random.nextInt(Integer.MAX_VALUE));
                case VARIABLE_BYTE_INTEGER -> builder.number(id, 1 + random.nextInt(VariableByteInteger.MAXIMUM));
                case UTF8_STRING -> builder.string(id, id == PropertyId.RESPONSE_TOPIC ? topic() : text());
                case BINARY_DATA -> builder.binary(id, bytes(20));
                case UTF8_STRING_PAIR -> builder.user(text(), text()).user("k", text());
            }
        }
    }

    private List<SubscriptionRequest> requests() {
        List<SubscriptionRequest> requests = new ArrayList<>();
        for (String filter : filters()) {
            boolean noLocal = v5 && random.nextBoolean() && !filter.startsWith(TopicFilters.SHARED_PREFIX);
            boolean retainAsPublished = v5 && random.nextBoolean();
            int retainHandling = v5 ? random.nextInt(3) : 0;
            requests.add(
                    new SubscriptionRequest(filter, random.nextInt(3), noLocal, retainAsPublished, retainHandling));
        }
        return requests;
    }

    private List<String> filters() {
        List<String> filters = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String filter = random.nextInt(4) == 0 ? "+/" + topic() + "/#" : topic();
            filters.add(random.nextInt(8) == 0 ? TopicFilters.SHARED_PREFIX + "g/" + filter : filter);
        }
        return filters;
    }

    private List<Integer> codes(int[] from) {
        List<Integer> codes = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            codes.add(one(from));
        }
        return codes;
    }

    private String topic() {
        StringBuilder topic = new StringBuilder("t");
        for (int i = random.nextInt(5); i > 0; i--) {
            topic.append('/').append(LEVELS[random.nextInt(LEVELS.length)]);
        }
        return topic.toString();
    }

    private String text() {
        return LEVELS[random.nextInt(LEVELS.length)] + LEVELS[random.nextInt(LEVELS.length)];
    }

    private byte[] bytes(int maximum) {
        byte[] bytes = new byte[random.nextInt(maximum + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    private int packetId() {
        return 1 + random.nextInt(65_535);
    }

    private int one(int[] of) {
        return of[random.nextInt(of.length)];
    }
}
