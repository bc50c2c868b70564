/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.PublishProperties;
import io.robustmq.mqtt.codec.UserProperty;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Tracing;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The properties of an MQTT 5 message in both their lives: as neutral record headers for readers of every protocol, and as
 * the block that MQTT 5 subscribers get unchanged. One per connection, filled anew for each message that has properties;
 * confined to its loop.
 */
final class MqttMessageProperties {
    private static final String KEY_PROPERTY = "key";
    private static final byte[] UTF8_PAYLOAD = {1};

    private final HeaderBlockWriter headers = new HeaderBlockWriter();
    private final ByteBuf scratch = Unpooled.buffer(256);
    private byte @Nullable [] key;
    private @Nullable String traceparent;
    private @Nullable String tracestate;
    private long expiresAtMillis;
    private ByteBuf block = Unpooled.EMPTY_BUFFER;
    private int blockOffset;
    private int blockLength;

    /** Reads the properties of a PUBLISH; the buffer is the one that holds the packet. */
    MqttMessageProperties of(PublishProperties properties, ByteBuf packet, int offset, int length, long nowMillis) {
        begin(properties.messageExpirySeconds(), nowMillis);
        describe(
                properties.payloadFormat(),
                properties.contentType(),
                properties.responseTopic(),
                properties.correlationData());
        properties.forEachUserProperty(this::user);
        if (properties.isForwardable()) {
            block = packet;
            blockOffset = offset;
            blockLength = length;
        } else {
            scratch.clear();
            blockLength = properties.writeForwardable(scratch);
            block = scratch;
            blockOffset = 0;
        }
        return this;
    }

    /** Reads the properties of a will. */
    static MqttMessageProperties ofWill(MqttProperties will, long nowMillis) {
        MqttMessageProperties all = new MqttMessageProperties();
        all.begin(will.number(PropertyId.MESSAGE_EXPIRY_INTERVAL, -1), nowMillis);
        all.describe(
                (int) will.number(PropertyId.PAYLOAD_FORMAT_INDICATOR, 0),
                will.string(PropertyId.CONTENT_TYPE),
                will.string(PropertyId.RESPONSE_TOPIC),
                will.binary(PropertyId.CORRELATION_DATA));
        for (UserProperty property : will.userProperties()) {
            all.user(property.name(), property.value());
        }
        all.blockLength = will.writeForwardable(all.scratch);
        all.block = all.scratch;
        return all;
    }

    private void begin(long expirySeconds, long nowMillis) {
        headers.reset();
        key = null;
        traceparent = null;
        tracestate = null;
        // 0 would mean "never"; a message that expires at once is already past.
        expiresAtMillis = expirySeconds < 0 ? 0 : Math.max(1, nowMillis + expirySeconds * 1000);
        blockOffset = 0;
        blockLength = 0;
    }

    private void describe(
            int payloadFormat,
            @Nullable String contentType,
            @Nullable String responseTopic,
            byte @Nullable [] correlation) {
        if (payloadFormat == 1) {
            headers.add(RecordHeaders.MQTT, UTF8_PAYLOAD);
        }
        if (contentType != null) {
            headers.add(RecordHeaders.CONTENT_TYPE, contentType.getBytes(StandardCharsets.UTF_8));
        }
        if (responseTopic != null) {
            headers.add(RecordHeaders.REPLY_TO, responseTopic.getBytes(StandardCharsets.UTF_8));
        }
        if (correlation != null) {
            headers.add(RecordHeaders.CORRELATION_ID, correlation);
        }
    }

    /** The first property named {@code key} is the client's key; names of ours are not taken from clients. */
    private void user(String name, String value) {
        if (name.equals(KEY_PROPERTY) && key == null) {
            key = value.getBytes(StandardCharsets.UTF_8);
        } else if (!name.startsWith(RecordHeaders.RESERVED_PREFIX)) {
            headers.add(name, value.getBytes(StandardCharsets.UTF_8));
            if (name.equals(Tracing.TRACEPARENT)) {
                traceparent = value;
            } else if (name.equals(Tracing.TRACESTATE)) {
                tracestate = value;
            }
        }
    }

    /** The trace that the message is part of, as its publisher says. */
    @Nullable
    String traceparent() {
        return traceparent;
    }

    @Nullable
    String tracestate() {
        return tracestate;
    }

    /** One more user property, for readers of every protocol and for subscribers of MQTT 5. */
    static void addTo(Publish message, String name, String value) {
        byte[] nameUtf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] valueUtf8 = value.getBytes(StandardCharsets.UTF_8);
        HeaderBlockWriter headers = message.headers();
        message.headers((headers == null ? new HeaderBlockWriter() : headers).add(nameUtf8, valueUtf8));
        ByteBuf more = Unpooled.buffer(message.blockLength() + nameUtf8.length + valueUtf8.length + 5);
        if (message.blockLength() > 0) {
            more.writeBytes(message.blockBuffer(), message.blockOffset(), message.blockLength());
        }
        more.writeByte(PropertyId.USER_PROPERTY);
        more.writeShort(nameUtf8.length).writeBytes(nameUtf8);
        more.writeShort(valueUtf8.length).writeBytes(valueUtf8);
        message.block(more, 0, more.readableBytes());
    }

    void applyTo(Publish message) {
        message.headers(headers).key(key).expiresAtMillis(expiresAtMillis).block(block, blockOffset, blockLength);
    }
}
