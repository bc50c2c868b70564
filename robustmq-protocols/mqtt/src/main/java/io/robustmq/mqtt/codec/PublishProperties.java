/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the property block of a PUBLISH in place. Reused from packet to packet; a value is only valid as long
 * as the buffer it was parsed from is. Confined to one loop.
 */
public final class PublishProperties {
    private @Nullable ByteBuf buffer;
    private int offset;
    private int length;
    private int payloadFormat;
    private long messageExpirySeconds;
    private int topicAlias;
    private int contentTypeAt;
    private int responseTopicAt;
    private int correlationDataAt;
    private int userProperties;
    private int subscriptionIdentifiers;

    /** An empty block. */
    public PublishProperties() {
        reset();
    }

    /**
     * Parses a block, without its length, that the decoder has accepted.
     *
     * @throws MqttProtocolException if it breaks a rule
     */
    public PublishProperties parse(ByteBuf borrowed, int from, int bytes) {
        return parse(borrowed, from, bytes, true);
    }

    PublishProperties parse(ByteBuf borrowed, int from, int bytes, boolean fromServer) {
        reset();
        buffer = borrowed;
        offset = from;
        length = bytes;
        long seen = 0;
        int end = from + bytes;
        int at = from;
        while (at < end) {
            int id = borrowed.getUnsignedByte(at++);
            if (!PropertyId.isLegal(id, PacketType.PUBLISH)) {
                throw MqttProtocolException.malformed("property is unknown or not for PUBLISH");
            }
            if (id != PropertyId.USER_PROPERTY && id != PropertyId.SUBSCRIPTION_IDENTIFIER) {
                if ((seen & 1L << id) != 0) {
                    throw MqttProtocolException.protocolError("property given twice");
                }
                seen |= 1L << id;
            }
            if (id == PropertyId.SUBSCRIPTION_IDENTIFIER && !fromServer) {
                throw MqttProtocolException.protocolError("subscription identifier from a client"); // 3.3.4-6
            }
            at = parseValue(borrowed, id, at, end);
        }
        return this;
    }

    private int parseValue(ByteBuf in, int id, int at, int end) {
        switch (id) {
            case PropertyId.PAYLOAD_FORMAT_INDICATOR -> {
                int next = advance(at, 1, end);
                payloadFormat = in.getUnsignedByte(at);
                PropertyId.checkNumber(id, payloadFormat);
                return next;
            }
            case PropertyId.MESSAGE_EXPIRY_INTERVAL -> {
                int next = advance(at, 4, end);
                messageExpirySeconds = in.getUnsignedInt(at);
                return next;
            }
            case PropertyId.TOPIC_ALIAS -> {
                int next = advance(at, 2, end);
                topicAlias = in.getUnsignedShort(at);
                PropertyId.checkNumber(id, topicAlias);
                return next;
            }
            case PropertyId.SUBSCRIPTION_IDENTIFIER -> {
                subscriptionIdentifiers++;
                int next = skipVariableByteInteger(in, at, end);
                PropertyId.checkNumber(id, variableByteInteger(in, at));
                return next;
            }
            case PropertyId.CONTENT_TYPE -> {
                contentTypeAt = at;
                return checkString(in, at, end);
            }
            case PropertyId.RESPONSE_TOPIC -> {
                responseTopicAt = at;
                return checkResponseTopic(in, at, end);
            }
            case PropertyId.CORRELATION_DATA -> {
                correlationDataAt = at;
                return skipField(in, at, end);
            }
            default -> {
                userProperties++;
                return checkString(in, checkString(in, at, end), end);
            }
        }
    }

    /** 0 for unspecified bytes (also when absent), 1 for UTF-8. */
    public int payloadFormat() {
        return payloadFormat;
    }

    /** -1 if absent: the message does not expire. */
    public long messageExpirySeconds() {
        return messageExpirySeconds;
    }

    /** -1 if absent. */
    public int topicAlias() {
        return topicAlias;
    }

    public @Nullable String contentType() {
        return contentTypeAt < 0 ? null : stringAt(contentTypeAt);
    }

    public @Nullable String responseTopic() {
        return responseTopicAt < 0 ? null : stringAt(responseTopicAt);
    }

    /** A copy. */
    public byte @Nullable [] correlationData() {
        if (correlationDataAt < 0) {
            return null;
        }
        ByteBuf in = source();
        return ByteBufUtil.getBytes(in, correlationDataAt + 2, in.getUnsignedShort(correlationDataAt));
    }

    public int userPropertyCount() {
        return userProperties;
    }

    /** Hands out the user properties in their order. */
    public void forEachUserProperty(BiConsumer<String, String> action) {
        if (userProperties == 0) {
            return;
        }
        ByteBuf in = source();
        int end = offset + length;
        for (int at = offset; at < end; at = skipProperty(in, at, end)) {
            if (in.getByte(at) == PropertyId.USER_PROPERTY) {
                action.accept(stringAt(at + 1), stringAt(skipField(in, at + 1, end)));
            }
        }
    }

    /** The value of the first user property of this name. */
    public @Nullable String userProperty(String name) {
        if (userProperties == 0) {
            return null;
        }
        ByteBuf in = source();
        int end = offset + length;
        for (int at = offset; at < end; at = skipProperty(in, at, end)) {
            if (in.getByte(at) == PropertyId.USER_PROPERTY && stringAt(at + 1).equals(name)) {
                return stringAt(skipField(in, at + 1, end));
            }
        }
        return null;
    }

    /** In the order of the packet; empty from a client. */
    public int[] subscriptionIdentifiers() {
        int[] found = new int[subscriptionIdentifiers];
        if (found.length > 0) {
            ByteBuf in = source();
            int end = offset + length;
            int count = 0;
            for (int at = offset; at < end; at = skipProperty(in, at, end)) {
                if (in.getByte(at) == PropertyId.SUBSCRIPTION_IDENTIFIER) {
                    found[count++] = variableByteInteger(in, at + 1);
                }
            }
        }
        return found;
    }

    /** Whether the block holds nothing that belongs to this hop only: alias, identifiers, or the counted-down expiry. */
    public boolean isForwardable() {
        return topicAlias < 0 && subscriptionIdentifiers == 0 && messageExpirySeconds < 0;
    }

    /** Appends the properties that are passed on unchanged (3.3.2-4, -15, -16, -17, -20) and returns their bytes. */
    public int writeForwardable(ByteBuf out) {
        if (length == 0) {
            return 0;
        }
        ByteBuf in = source();
        if (isForwardable()) {
            out.writeBytes(in, offset, length);
            return length;
        }
        int written = 0;
        int end = offset + length;
        int next;
        for (int at = offset; at < end; at = next) {
            next = skipProperty(in, at, end);
            int id = in.getByte(at);
            if (id != PropertyId.TOPIC_ALIAS
                    && id != PropertyId.SUBSCRIPTION_IDENTIFIER
                    && id != PropertyId.MESSAGE_EXPIRY_INTERVAL) {
                out.writeBytes(in, at, next - at);
                written += next - at;
            }
        }
        return written;
    }

    void reset() {
        buffer = null;
        offset = 0;
        length = 0;
        payloadFormat = 0;
        messageExpirySeconds = -1;
        topicAlias = -1;
        contentTypeAt = -1;
        responseTopicAt = -1;
        correlationDataAt = -1;
        userProperties = 0;
        subscriptionIdentifiers = 0;
    }

    private ByteBuf source() {
        ByteBuf source = buffer;
        if (source == null) {
            throw new IllegalStateException("nothing parsed");
        }
        return source;
    }

    private String stringAt(int at) {
        ByteBuf in = source();
        return in.toString(at + 2, in.getUnsignedShort(at), StandardCharsets.UTF_8);
    }

    private static int advance(int at, int bytes, int end) {
        if (end - at < bytes) {
            throw MqttProtocolException.malformed("property runs over the end of its block");
        }
        return at + bytes;
    }

    private static int skipField(ByteBuf in, int at, int end) {
        int body = advance(at, 2, end);
        return advance(body, in.getUnsignedShort(at), end);
    }

    private static int checkString(ByteBuf in, int at, int end) {
        int next = skipField(in, at, end);
        Utf8.check(in, at + 2, next - at - 2);
        return next;
    }

    private static int checkResponseTopic(ByteBuf in, int at, int end) {
        int next = checkString(in, at, end);
        if (next == at + 2) {
            throw MqttProtocolException.protocolError("empty response topic");
        }
        for (int i = at + 2; i < next; i++) {
            byte value = in.getByte(i);
            if (value == '+' || value == '#') {
                throw MqttProtocolException.protocolError("wildcard in a response topic"); // 3.3.2-14
            }
        }
        return next;
    }

    private static int skipVariableByteInteger(ByteBuf in, int at, int end) {
        int next = at;
        for (int count = 1; count <= 4; count++) {
            next = advance(next, 1, end);
            int octet = in.getByte(next - 1);
            if (octet >= 0) {
                if (octet == 0 && count > 1) {
                    throw MqttProtocolException.malformed("variable byte integer is not in its shortest form");
                }
                return next;
            }
        }
        throw MqttProtocolException.malformed("variable byte integer has more than four bytes");
    }

    private static int variableByteInteger(ByteBuf in, int at) {
        int value = 0;
        int next = at;
        for (int shift = 0; ; shift += 7) {
            int octet = in.getByte(next++);
            value |= (octet & 0x7F) << shift;
            if (octet >= 0) {
                return value;
            }
        }
    }

    private static int skipProperty(ByteBuf in, int at, int end) {
        int value = at + 1;
        return switch (in.getByte(at)) {
            case PropertyId.PAYLOAD_FORMAT_INDICATOR -> value + 1;
            case PropertyId.TOPIC_ALIAS -> value + 2;
            case PropertyId.MESSAGE_EXPIRY_INTERVAL -> value + 4;
            case PropertyId.SUBSCRIPTION_IDENTIFIER -> skipVariableByteInteger(in, value, end);
            case PropertyId.USER_PROPERTY -> skipField(in, skipField(in, value, end), end);
            default -> skipField(in, value, end);
        };
    }
}
