/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.protocol.Publish;
import java.nio.charset.StandardCharsets;

/** The headers that the broker itself adds to a record. The shared blocks are never changed after they are built. */
final class BrokerHeaders {
    private static final byte[] QOS = RecordHeaders.QOS.getBytes(StandardCharsets.UTF_8);
    private static final byte[] EXPIRES = RecordHeaders.EXPIRES.getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = RecordHeaders.KEY.getBytes(StandardCharsets.UTF_8);
    private static final byte[][] DIGITS = {{'0'}, {'1'}, {'2'}};
    private static final HeaderBlockWriter NONE = new HeaderBlockWriter();
    private static final HeaderBlockWriter QOS_0 = new HeaderBlockWriter().add(QOS, DIGITS[0]);
    private static final HeaderBlockWriter QOS_2 = new HeaderBlockWriter().add(QOS, DIGITS[2]);

    private BrokerHeaders() {}

    /** All headers of the message's record. */
    static HeaderBlockWriter of(Publish message, boolean keyIsSubject) {
        HeaderBlockWriter headers = message.headers();
        byte[] displacedKey = keyIsSubject ? message.key() : null;
        if (headers == null && message.expiresAtMillis() == 0 && displacedKey == null) {
            return switch (message.qos()) {
                case 0 -> QOS_0;
                case 1 -> NONE;
                default -> QOS_2;
            };
        }
        HeaderBlockWriter all = headers == null ? new HeaderBlockWriter() : headers;
        if (message.qos() != 1) {
            all.add(QOS, DIGITS[message.qos()]);
        }
        if (message.expiresAtMillis() != 0) {
            all.add(EXPIRES, Long.toString(message.expiresAtMillis()).getBytes(StandardCharsets.US_ASCII));
        }
        if (displacedKey != null) {
            all.add(KEY, displacedKey);
        }
        return all;
    }
}
