/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import org.jspecify.annotations.Nullable;

/**
 * A will with the one who left it, as it is kept until it is due: 1 byte version, 1 byte quality of service and flags, then in the
 * forms of MQTT 5 the topic, the payload, the properties, the user name (empty for none) and the address. Immutable.
 *
 * @param vouched whether another than the cluster said who it is, so that it is not the user of that name here
 */
public record KeptWill(Will will, @Nullable String userName, String remoteAddress, boolean vouched) {
    private static final byte VERSION = 1;
    private static final int RETAIN = 4;
    private static final int VOUCHED = 8;

    public byte[] encode() {
        ByteBuf out = Unpooled.buffer(128 + will.payload().length);
        out.writeByte(VERSION).writeByte(will.qos() | (will.retain() ? RETAIN : 0) | (vouched ? VOUCHED : 0));
        MqttEncoder.writeString(out, will.topic());
        MqttEncoder.writeBinary(out, will.payload());
        will.properties().writeTo(out);
        MqttEncoder.writeString(out, userName == null ? "" : userName);
        MqttEncoder.writeString(out, remoteAddress);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    /** Fails with CORRUPT_DATA, or NOT_SUPPORTED for what a newer build has written. */
    public static KeptWill decode(byte[] bytes) {
        FieldReader in = new FieldReader();
        in.wrap(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
        try {
            int version = in.unsignedByte();
            if (version != VERSION) {
                throw RmqError.NOT_SUPPORTED.exception("a will was written by a newer build (version " + version + ")");
            }
            int flags = in.unsignedByte();
            String topic = in.topicName();
            byte[] payload = in.binary();
            MqttProperties properties = MqttProperties.read(in, PropertyId.WILL);
            String userName = in.string();
            String address = in.string();
            return new KeptWill(
                    new Will(topic, payload, flags & 3, (flags & RETAIN) != 0, properties),
                    userName.isEmpty() ? null : userName,
                    address,
                    (flags & VOUCHED) != 0);
        } catch (MqttProtocolException e) {
            throw RmqError.CORRUPT_DATA.exception("a kept will is damaged: " + e.getMessage());
        }
    }
}
