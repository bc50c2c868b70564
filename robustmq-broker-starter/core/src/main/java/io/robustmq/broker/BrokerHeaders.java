/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishedSubject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers that the broker itself adds to a record. The shared blocks are never changed after they are built. */
final class BrokerHeaders {
    private static final byte[] QOS = RecordHeaders.QOS.getBytes(StandardCharsets.UTF_8);
    private static final byte[] EXPIRES = RecordHeaders.EXPIRES.getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = RecordHeaders.KEY.getBytes(StandardCharsets.UTF_8);
    private static final byte[] SUBJECT = RecordHeaders.SUBJECT.getBytes(StandardCharsets.UTF_8);
    private static final byte[] SPELLING = RecordHeaders.SPELLING.getBytes(StandardCharsets.UTF_8);
    private static final byte[] RETAIN = RecordHeaders.RETAIN.getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLIENT = RecordHeaders.CLIENT.getBytes(StandardCharsets.UTF_8);
    private static final byte[] EXCHANGE = RecordHeaders.EXCHANGE.getBytes(StandardCharsets.UTF_8);
    private static final byte[][] DIGITS = {{'0'}, {'1'}, {'2'}};
    private static final HeaderBlockWriter NONE = new HeaderBlockWriter();
    private static final HeaderBlockWriter QOS_0 = new HeaderBlockWriter().add(QOS, DIGITS[0]);
    private static final HeaderBlockWriter QOS_2 = new HeaderBlockWriter().add(QOS, DIGITS[2]);

    private BrokerHeaders() {}

    /** All headers of the message's record. */
    static HeaderBlockWriter of(Publish message, Route route) {
        HeaderBlockWriter headers = message.headers();
        byte[] displacedKey = route.keyIsSubject ? message.key() : null;
        Mark mark = route.mark;
        byte[] publisher = message.publisher();
        byte[] exchange = message.exchange();
        if (headers == null
                && message.expiresAtMillis() == 0
                && displacedKey == null
                && mark == null
                && !message.retain()
                && publisher == null
                && exchange == null) {
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
        if (mark != null) {
            all.add(mark.name, mark.value);
        }
        if (message.retain()) {
            all.add(RETAIN, DIGITS[1]);
        }
        if (publisher != null) {
            all.add(CLIENT, publisher);
        }
        if (exchange != null) {
            all.add(EXCHANGE, exchange);
        }
        return all;
    }

    /** What every record of a route says beside its message. Immutable. */
    record Mark(byte[] name, byte[] value) {}

    /**
     * What a record of the subject must say so that a reader knows what was published: in a topic that binds several names, which
     * of them it was; in one that binds a wildcard, the spelling where the text tells another. Null for nothing, as in all
     * catch-alls.
     *
     * @param bindings of the topic, none for a catch-all
     */
    static @Nullable Mark mark(PublishedSubject subject, List<String> bindings, boolean wildcard) {
        if (!wildcard) {
            return bindings.size() > 1 ? new Mark(SUBJECT, subject.utf8()) : null;
        }
        boolean slash = subject.spelling() == Spelling.SLASH;
        return bindings.isEmpty() || slash == subject.text().indexOf('/') >= 0
                ? null
                : new Mark(SPELLING, new byte[] {(byte) subject.spelling().separator()});
    }
}
