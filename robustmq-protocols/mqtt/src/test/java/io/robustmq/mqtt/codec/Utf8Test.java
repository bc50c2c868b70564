/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.testkit.Statement;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The JDK's decoder is the oracle. */
class Utf8Test {
    private static final int[] TAILS = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};

    /** The JDK puts U+FFFD where a sequence is malformed; none of the sequences tried here spells it. */
    private static boolean isValid(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 && text.indexOf(0) < 0;
    }

    /** Behind prefixes of several lengths, so that each sequence stands in a word of eight and behind the last one. */
    private void check(int... sequence) {
        for (int prefix : new int[] {0, 1, 6, 8}) {
            byte[] bytes = new byte[prefix + sequence.length + (prefix == 1 ? 12 : 0)];
            Arrays.fill(bytes, (byte) 'x');
            for (int i = 0; i < sequence.length; i++) {
                bytes[prefix + i] = (byte) sequence[i];
            }
            boolean valid = isValid(bytes);
            if (isAccepted(bytes, false) != valid || isAccepted(bytes, true) != valid) {
                throw new AssertionError(Arrays.toString(bytes) + " should be " + valid);
            }
        }
    }

    private static boolean isAccepted(byte[] bytes, boolean asTopic) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        try {
            if (asTopic) {
                Utf8.checkTopicName(buffer, 0, bytes.length);
            } else {
                Utf8.check(buffer, 0, bytes.length);
            }
            return true;
        } catch (MqttProtocolException e) {
            // Where a sequence holds a wildcard byte the topic check may name either fault.
            return asTopic && e.reasonCode() == ReasonCode.TOPIC_NAME_INVALID;
        }
    }

    @Statement({"MQTT-1.5.4-1", "MQTT-1.5.4-2", "v3:MQTT-1.5.3-1", "v3:MQTT-1.5.3-2"})
    @Test
    void everySequenceOfUpToTwoBytes() {
        for (int first = 0; first < 256; first++) {
            if (first == '+' || first == '#') {
                continue;
            }
            check(first);
            for (int second = 0; second < 256; second++) {
                if (second != '+' && second != '#') {
                    check(first, second);
                }
            }
        }
        assertThat(isValid(new byte[] {'a'})).isTrue();
    }

    @Statement({"MQTT-1.5.4-1", "v3:MQTT-1.5.3-1"})
    @Test
    void theEdgesOfLongerSequences() {
        for (int first = 0xC0; first < 256; first++) {
            for (int second : TAILS) {
                for (int third : TAILS) {
                    check(first, second, third);
                    for (int fourth : TAILS) {
                        check(first, second, third, fourth);
                    }
                }
            }
        }
        assertThat(isValid("😀".getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    @Test
    void wildcardsAreFoundAnywhere() {
        for (int length = 1; length < 40; length++) {
            for (int at = 0; at < length; at++) {
                byte[] bytes = new byte[length];
                Arrays.fill(bytes, (byte) '*'); // one bit from a plus
                bytes[at] = (byte) (length % 2 == 0 ? '+' : '#');
                ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
                int checked = length;
                assertThatThrownBy(() -> Utf8.checkTopicName(buffer, 0, checked))
                        .isInstanceOfSatisfying(
                                MqttProtocolException.class,
                                e -> assertThat(e.reasonCode()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID));
                bytes[at] = '$';
                Utf8.checkTopicName(buffer, 0, length);
            }
        }
    }
}
