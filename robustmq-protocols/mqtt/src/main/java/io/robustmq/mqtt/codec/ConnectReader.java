/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import org.jspecify.annotations.Nullable;

/** Reads the body of one CONNECT. Confined to the decoder's loop. */
final class ConnectReader {
    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int WILL_RETAIN = 0x20;
    private static final int WILL = 0x04;
    private static final int CLEAN_START = 0x02;
    private static final int RESERVED = 0x01;

    private final MqttDecoder decoder;
    private final FieldReader in;

    ConnectReader(MqttDecoder decoder, FieldReader in) {
        this.decoder = decoder;
        this.in = in;
    }

    Connect read() {
        MqttVersion version = readVersion();
        int flags = in.unsignedByte();
        checkFlags(version, flags);
        int keepAliveSeconds = in.unsignedShort();
        MqttProperties properties = decoder.readProperties(PacketType.CONNECT);
        FrameDecoder.checkAuthentication(properties);
        String clientId = in.string();
        Will will = (flags & WILL) != 0 ? readWill(flags) : null;
        // 3.1 lets the remaining length take precedence over these two flags (MQTT 3.1, section 3.1, user name).
        boolean flagsBind = version != MqttVersion.V3_1;
        String userName = (flags & USER_NAME) != 0 && (flagsBind || in.hasMore()) ? in.string() : null;
        byte @Nullable [] password = (flags & PASSWORD) != 0 && (flagsBind || in.hasMore()) ? in.binary() : null;
        boolean cleanStart = (flags & CLEAN_START) != 0;
        return new Connect(version, clientId, cleanStart, keepAliveSeconds, will, userName, password, properties);
    }

    private MqttVersion readVersion() {
        String name = in.string();
        boolean old = name.equals(MqttVersion.V3_1.protocolName());
        if (!old && !name.equals(MqttVersion.V5.protocolName())) { // 3.1.2-1
            throw new MqttProtocolException(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "protocol name is not MQTT");
        }
        int level = in.unsignedByte();
        decoder.level(level);
        for (MqttVersion version : MqttVersion.values()) {
            if (version.level() == level && version.protocolName().equals(name)) {
                decoder.speak(version);
                return version;
            }
        }
        throw new MqttProtocolException(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "protocol level is not supported");
    }

    private static void checkFlags(MqttVersion version, int flags) {
        if ((flags & RESERVED) != 0 && version != MqttVersion.V3_1) { // 3.1.2-3; 3.1 only calls the bit unused
            throw MqttProtocolException.malformed("reserved connect flag is set");
        }
        if ((flags & WILL) == 0 && (flags & (WILL_RETAIN | 0x18)) != 0) { // 3.1.2-11, -13
            throw MqttProtocolException.malformed("will QoS or will retain without a will");
        }
        if ((flags & 0x18) == 0x18) { // 3.1.2-12
            throw MqttProtocolException.malformed("will QoS 3");
        }
        if ((flags & PASSWORD) != 0 && (flags & USER_NAME) == 0 && version != MqttVersion.V5) { // v3:3.1.2-22
            throw MqttProtocolException.malformed("password without user name");
        }
    }

    private Will readWill(int flags) {
        MqttProperties properties = decoder.readProperties(PropertyId.WILL);
        String topic = in.topicName();
        byte[] payload = in.binary();
        return new Will(topic, payload, flags >> 3 & 3, (flags & WILL_RETAIN) != 0, properties);
    }
}
