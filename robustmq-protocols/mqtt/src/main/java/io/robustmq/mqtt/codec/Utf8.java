/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;

/**
 * Checks the string rules of MQTT (1.5.4-1, 1.5.4-2, 4.7) on bytes, eight at a time while they are ASCII. Control and
 * non-characters are accepted, as the specification permits.
 */
final class Utf8 {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long PLUSES = ONES * '+';
    private static final long HASHES = ONES * '#';

    private Utf8() {}

    /** Throws 0x81 unless the range is well-formed UTF-8 without U+0000. */
    static void check(ByteBuf buffer, int offset, int length) {
        int end = offset + length;
        long suspicious = HIGHS;
        if (length >= Long.BYTES) {
            int last = end - Long.BYTES;
            long word = buffer.getLong(last);
            suspicious = word | zeroBytes(word);
            for (int index = offset; index < last; index += Long.BYTES) {
                word = buffer.getLong(index);
                suspicious |= word | zeroBytes(word);
            }
        }
        if ((suspicious & HIGHS) != 0) {
            checkSlowly(buffer, offset, end);
        }
    }

    /** Throws 0x81 for a malformed string, 0x90 for a wildcard. The length may be 0. */
    static void checkTopicName(ByteBuf buffer, int offset, int length) {
        int end = offset + length;
        long wildcards = 0;
        long suspicious = 0;
        if (length >= Long.BYTES) {
            int last = end - Long.BYTES;
            for (int index = offset; index < last; index += Long.BYTES) {
                long word = buffer.getLong(index);
                wildcards |= zeroBytes(word ^ PLUSES) | zeroBytes(word ^ HASHES);
                suspicious |= word | zeroBytes(word);
            }
            // The last eight overlap the ones before: one read instead of up to seven.
            long word = buffer.getLong(last);
            wildcards |= zeroBytes(word ^ PLUSES) | zeroBytes(word ^ HASHES);
            suspicious |= word | zeroBytes(word);
        } else {
            for (int index = offset; index < end; index++) {
                byte value = buffer.getByte(index);
                wildcards |= value == '+' || value == '#' ? HIGHS : 0;
                suspicious |= value <= 0 ? HIGHS : 0;
            }
        }
        if (wildcards != 0) {
            throw new MqttProtocolException(ReasonCode.TOPIC_NAME_INVALID, "wildcard in a topic name");
        }
        if ((suspicious & HIGHS) != 0) {
            checkSlowly(buffer, offset, end);
        }
    }

    /** Not 0 exactly if one of the eight bytes is 0. */
    private static long zeroBytes(long word) {
        return word - ONES & ~word & HIGHS;
    }

    private static void checkSlowly(ByteBuf buffer, int offset, int end) {
        int index = offset;
        while (index < end) {
            int first = buffer.getByte(index++);
            if (first > 0) {
                continue;
            }
            if (first == 0) {
                throw MqttProtocolException.malformed("U+0000 in a string");
            }
            index += checkTail(buffer, index, end, first & 0xFF);
        }
    }

    /** Checks what follows a lead byte and returns its length (Unicode 15, table 3-7). */
    private static int checkTail(ByteBuf buffer, int index, int end, int lead) {
        int tail = lead < 0xC2 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : 0;
        if (tail == 0 || end - index < tail) {
            throw MqttProtocolException.malformed("string is not UTF-8");
        }
        int second = buffer.getByte(index) & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        boolean wellFormed = second >= low && second <= high;
        for (int i = 1; i < tail; i++) {
            wellFormed &= (buffer.getByte(index + i) & 0xC0) == 0x80;
        }
        if (!wellFormed) {
            throw MqttProtocolException.malformed("string is not UTF-8");
        }
        return tail;
    }
}
