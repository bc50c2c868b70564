/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.record.RecordBlock;
import io.robustmq.kernel.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes the key and the headers of a record that another protocol brought as user properties: the key as {@code key}, a header under
 * its own name, null as an empty string. What is no MQTT string (1.5.4) is left out and counted. Reusable; confined to one loop.
 */
public final class RecordProperties {
    private static final int STRING_BYTES_MAX = 65_535;
    private static final ByteBuf KEY = Unpooled.wrappedBuffer("key".getBytes(StandardCharsets.UTF_8));

    private static final byte[] MQTT = utf8(RecordHeaders.MQTT);
    private static final byte[] CONTENT_TYPE = utf8(RecordHeaders.CONTENT_TYPE);
    private static final byte[] REPLY_TO = utf8(RecordHeaders.REPLY_TO);
    private static final byte[] CORRELATION_ID = utf8(RecordHeaders.CORRELATION_ID);

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private final RecordBlock block = new RecordBlock();
    private final ByteBuf written = Unpooled.buffer(256);

    /** The encoded properties, without their length; borrowed until the next call. */
    public ByteBuf of(ByteBuf source, int offset, int length, LongAdder leftOut) {
        written.clear();
        block.read(source, offset, length);
        if (block.keyLength() >= 0) {
            add(KEY, 0, KEY.readableBytes(), block.keyPosition(), block.keyLength(), leftOut);
        }
        while (block.nextOfAll()) {
            if (block.isReserved()) {
                addOwn(leftOut);
                continue;
            }
            add(
                    block.buffer(),
                    block.namePosition(),
                    block.nameLength(),
                    block.valuePosition(),
                    Math.max(0, block.valueLength()),
                    leftOut);
        }
        return written;
    }

    /** What the broker has made of the properties of an MQTT publish, back to what they were. */
    private void addOwn(LongAdder leftOut) {
        if (block.valueLength() < 0) {
            return;
        }
        if (block.nameIs(MQTT)) {
            if (block.valueLength() == 1) {
                written.writeByte(PropertyId.PAYLOAD_FORMAT_INDICATOR)
                        .writeByte(block.buffer().getByte(block.valuePosition()));
            }
        } else if (block.nameIs(CONTENT_TYPE)) {
            addOwn(PropertyId.CONTENT_TYPE, true, leftOut);
        } else if (block.nameIs(REPLY_TO)) {
            addOwn(PropertyId.RESPONSE_TOPIC, true, leftOut);
        } else if (block.nameIs(CORRELATION_ID)) {
            addOwn(PropertyId.CORRELATION_DATA, false, leftOut);
        }
    }

    private void addOwn(int propertyId, boolean text, LongAdder leftOut) {
        int length = block.valueLength();
        if (length > STRING_BYTES_MAX || text && !isString(block.buffer(), block.valuePosition(), length)) {
            leftOut.increment();
            return;
        }
        written.writeByte(propertyId).writeShort(length).writeBytes(block.buffer(), block.valuePosition(), length);
    }

    private void add(
            ByteBuf names, int nameOffset, int nameLength, int valueOffset, int valueLength, LongAdder leftOut) {
        if (!isString(names, nameOffset, nameLength) || !isString(block.buffer(), valueOffset, valueLength)) {
            leftOut.increment();
            return;
        }
        written.writeByte(PropertyId.USER_PROPERTY)
                .writeShort(nameLength)
                .writeBytes(names, nameOffset, nameLength)
                .writeShort(valueLength)
                .writeBytes(block.buffer(), valueOffset, valueLength);
    }

    private static boolean isString(ByteBuf buffer, int offset, int length) {
        return length <= STRING_BYTES_MAX
                && buffer.indexOf(offset, offset + length, (byte) 0) < 0
                && ByteBufUtil.isText(buffer, offset, length, StandardCharsets.UTF_8);
    }
}
