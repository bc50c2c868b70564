/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one packet between two bounds; running over the end is 0x81. Confined to the decoder's loop. */
final class FieldReader {
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int position;
    private int end;

    void wrap(ByteBuf borrowed, int from, int to) {
        buffer = borrowed;
        position = from;
        end = to;
    }

    /** Forgets the buffer, so that a quiet connection does not hold on to it. */
    void clear() {
        wrap(Unpooled.EMPTY_BUFFER, 0, 0);
    }

    int position() {
        return position;
    }

    int end() {
        return end;
    }

    boolean hasMore() {
        return position < end;
    }

    /** Narrows the reader to the next bytes and returns the old end, to be given to {@link #widen}. */
    int narrow(int length) {
        require(length);
        int old = end;
        end = position + length;
        return old;
    }

    void widen(int oldEnd) {
        end = oldEnd;
    }

    void expectEnd() {
        if (position != end) {
            throw MqttProtocolException.malformed("packet is longer than its fields");
        }
    }

    int unsignedByte() {
        require(1);
        return buffer.getUnsignedByte(position++);
    }

    int unsignedShort() {
        require(2);
        int value = buffer.getUnsignedShort(position);
        position += 2;
        return value;
    }

    long unsignedInt() {
        require(4);
        long value = buffer.getUnsignedInt(position);
        position += 4;
        return value;
    }

    /** Must be in its shortest form (1.5.5-1). */
    int variableByteInteger() {
        int value = 0;
        for (int shift = 0; shift <= 21; shift += 7) {
            int octet = unsignedByte();
            value |= (octet & 0x7F) << shift;
            if (octet < 0x80) {
                if (octet == 0 && shift > 0) {
                    throw MqttProtocolException.malformed("variable byte integer is not in its shortest form");
                }
                return value;
            }
        }
        throw MqttProtocolException.malformed("variable byte integer has more than four bytes");
    }

    String string() {
        int length = unsignedShort();
        require(length);
        if (length == 0) {
            return "";
        }
        Utf8.check(buffer, position, length);
        String value = buffer.toString(position, length, StandardCharsets.UTF_8);
        position += length;
        return value;
    }

    /** A non-empty string without wildcards. */
    String topicName() {
        int length = unsignedShort();
        require(length);
        Utf8.checkTopicName(buffer, position, length);
        if (length == 0) {
            throw MqttProtocolException.protocolError("empty topic name");
        }
        String value = buffer.toString(position, length, StandardCharsets.UTF_8);
        position += length;
        return value;
    }

    byte[] binary() {
        int length = unsignedShort();
        require(length);
        byte[] value = ByteBufUtil.getBytes(buffer, position, length);
        position += length;
        return value;
    }

    int packetId() {
        int packetId = unsignedShort();
        if (packetId == 0) {
            throw MqttProtocolException.protocolError("packet identifier 0");
        }
        return packetId;
    }

    private void require(int length) {
        if (end - position < length) {
            throw MqttProtocolException.malformed("field runs over the end of its packet");
        }
    }
}
