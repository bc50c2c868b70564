/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.record.RecordBlock;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes the key and the headers of a record that another protocol brought as user properties: the key as {@code key}, a header under
 * its own name, null as an empty string. What is no MQTT string (1.5.4) is left out and counted. Reusable; confined to one loop.
 */
public final class RecordProperties {
    private static final int STRING_BYTES_MAX = 65_535;
    private static final ByteBuf KEY = Unpooled.wrappedBuffer("key".getBytes(StandardCharsets.UTF_8));

    private final RecordBlock block = new RecordBlock();
    private final ByteBuf written = Unpooled.buffer(256);

    /** The encoded properties, without their length; borrowed until the next call. */
    public ByteBuf of(ByteBuf source, int offset, int length, LongAdder leftOut) {
        written.clear();
        block.read(source, offset, length);
        if (block.keyLength() >= 0) {
            add(KEY, 0, KEY.readableBytes(), block.keyPosition(), block.keyLength(), leftOut);
        }
        while (block.nextHeader()) {
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
