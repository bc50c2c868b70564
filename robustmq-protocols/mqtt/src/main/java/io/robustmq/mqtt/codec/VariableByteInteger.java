/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;

/** Variable byte integers (MQTT 5, 1.5.5; the remaining length of all versions), always in their shortest form. */
final class VariableByteInteger {
    static final int MAXIMUM = 268_435_455;

    private VariableByteInteger() {}

    static int size(int value) {
        return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
    }

    static void write(ByteBuf out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.writeByte(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    /** Writes at an index and returns the next one. */
    static int set(ByteBuf out, int index, int value) {
        int at = index;
        int rest = value;
        while (rest >= 0x80) {
            out.setByte(at++, rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.setByte(at++, rest);
        return at;
    }
}
