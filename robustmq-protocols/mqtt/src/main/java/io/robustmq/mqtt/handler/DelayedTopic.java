/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.Publish;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code $delayed/15/x/y}: publish to {@code x/y} after 15 seconds; a number above 4294967 is a time, in seconds since the epoch.
 * The names and the rules are EMQX's. Stateless.
 */
final class DelayedTopic {
    private static final String LEVEL = "$delayed";
    private static final byte[] PREFIX = "$delayed/".getBytes(StandardCharsets.US_ASCII);
    /** More than any time that is allowed has. */
    private static final int DIGITS_MAX = 12;

    private DelayedTopic() {}

    /** Whether the name or filter belongs to delayed messages; such a filter can never match anything. */
    static boolean owns(String topic) {
        return topic.startsWith(LEVEL) && (topic.length() == LEVEL.length() || topic.charAt(LEVEL.length()) == '/');
    }

    /** The same for a name in a buffer; one byte decides for all others. */
    static boolean owns(ByteBuf topic, int offset, int length) {
        if (length < LEVEL.length() || topic.getByte(offset) != '$') {
            return false;
        }
        int compared = Math.min(length, PREFIX.length);
        for (int i = 1; i < compared; i++) {
            if (topic.getByte(offset + i) != PREFIX[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Turns a message to a delayed topic into one to the topic itself, with its time.
     *
     * @return null, or INVALID_SUBJECT when the topic says no time, one too far ahead, or nowhere to publish to
     */
    static @Nullable RmqError apply(Publish message, long nowMillis) {
        ByteBuf topic = message.subjectBuffer();
        int end = message.subjectOffset() + message.subjectLength();
        int at = message.subjectOffset() + PREFIX.length;
        long number = 0;
        int digits = 0;
        while (at < end && topic.getByte(at) != '/') {
            int digit = topic.getByte(at++) - '0';
            if (digit < 0 || digit > 9 || ++digits > DIGITS_MAX) {
                return RmqError.INVALID_SUBJECT;
            }
            number = number * 10 + digit;
        }
        int name = at + 1;
        if (digits == 0 || name >= end || owns(topic, name, end - name)) {
            return RmqError.INVALID_SUBJECT;
        }
        long due = number <= DelayPort.SECONDS_MAX ? nowMillis + number * 1000 : number * 1000;
        if (due - nowMillis > DelayPort.SECONDS_MAX * 1000) {
            return RmqError.INVALID_SUBJECT;
        }
        message.subject(topic, name, end - name).dueAtMillis(due);
        return null;
    }
}
