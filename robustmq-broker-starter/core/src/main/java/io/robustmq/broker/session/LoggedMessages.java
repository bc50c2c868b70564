/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.record.RecordBlock;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.SessionLogPort.LoggedMessage;
import io.robustmq.protocol.StoredMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Makes messages of records again, as they were published. Confined to one loop. */
public final class LoggedMessages {
    private static final byte[] QOS = RecordHeaders.QOS.getBytes(StandardCharsets.UTF_8);
    private static final byte[] EXPIRES = RecordHeaders.EXPIRES.getBytes(StandardCharsets.UTF_8);
    private static final byte[] RETAIN = RecordHeaders.RETAIN.getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLIENT = RecordHeaders.CLIENT.getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = {};

    private final boolean keyIsSubject;
    private final ByteBuf block = Unpooled.buffer(256);
    private @Nullable PublishedSubject last;

    /** @param keyIsSubject as in topics that bind a wildcard */
    public LoggedMessages(boolean keyIsSubject) {
        this.keyIsSubject = keyIsSubject;
    }

    /** Whether somebody waited for its acknowledgement: what nobody does is delivered live and not again. */
    static boolean isAcknowledged(RecordView record) {
        return qos(record) > 0;
    }

    private static int qos(RecordView record) {
        if (record.headerCount() == 0) {
            return 1;
        }
        record.rewindHeaders();
        return record.nextHeader(QOS) && record.headerValueLength() == 1
                ? record.buffer().getByte(record.headerValuePosition()) - '0'
                : 1;
    }

    public LoggedMessage of(RecordView record, String subject, Spelling published) {
        PublishedSubject name = last;
        if (name == null || name.spelling() != published || !name.text().equals(subject)) {
            name = new PublishedSubject(published, subject);
            last = name;
        }
        byte[] value = record.value();
        boolean retain = false;
        long expires = 0;
        String publisher = null;
        int qos = qos(record);
        if (record.headerCount() > 0) {
            record.rewindHeaders();
            while (record.nextHeader()) {
                if (record.headerNameIs(RETAIN)) {
                    retain = true;
                } else if (record.headerNameIs(EXPIRES)) {
                    expires = millis(record.headerValue());
                } else if (record.headerNameIs(CLIENT)) {
                    byte[] client = record.headerValue();
                    publisher = client == null ? null : new String(client, StandardCharsets.UTF_8);
                }
            }
        }
        StoredMessage message = new StoredMessage(
                name, value == null ? NOTHING : value, qos, RecordBlock.FORMAT, block(record), expires);
        return new LoggedMessage(record.offset(), record.timestampMillis(), retain, publisher, message);
    }

    private byte[] block(RecordView record) {
        if (keyIsSubject && record.headerCount() == 0) {
            return NOTHING;
        }
        RecordBlock.write(record, keyIsSubject, block.clear());
        if (!block.isReadable()) {
            return NOTHING;
        }
        byte[] bytes = new byte[block.readableBytes()];
        block.readBytes(bytes);
        return bytes;
    }

    /** Clients of other protocols may have written anything. */
    private static long millis(byte @Nullable [] decimal) {
        long millis = 0;
        for (byte each : decimal == null ? NOTHING : decimal) {
            if (each < '0' || each > '9' || millis > Long.MAX_VALUE / 100) {
                return 0;
            }
            millis = millis * 10 + each - '0';
        }
        return millis;
    }
}
