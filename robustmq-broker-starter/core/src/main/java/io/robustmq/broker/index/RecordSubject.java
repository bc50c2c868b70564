/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.subject.Spelling;
import java.nio.charset.StandardCharsets;

/**
 * The subject of one record after the other, as positions in its buffer. In a wildcard topic it is the key, else the header
 * {@code rmq.subject}, else the bound name. The spelling is what the header {@code rmq.spelling} says, else the topic's, else
 * slash for what contains one. Reusable; confined to one loop.
 */
final class RecordSubject {
    private static final byte[] SUBJECT = RecordHeaders.SUBJECT.getBytes(StandardCharsets.UTF_8);
    private static final byte[] SPELLING = RecordHeaders.SPELLING.getBytes(StandardCharsets.UTF_8);

    private final SubjectRule rule;
    private final ByteBuf boundName;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int position;
    private int length;
    private Spelling spelling = Spelling.DOT;

    RecordSubject(SubjectRule rule) {
        this.rule = rule;
        boundName = Unpooled.wrappedBuffer(rule.boundName().getBytes(StandardCharsets.UTF_8));
    }

    /** False when the record has no subject, which only one without key in a wildcard topic has not. */
    boolean read(RecordView record) {
        if (rule.keyIsSubject()) {
            if (record.keyLength() <= 0) {
                return false;
            }
            at(record.buffer(), record.keyPosition(), record.keyLength());
        } else {
            record.rewindHeaders();
            if (record.nextHeader(SUBJECT) && record.headerValueLength() > 0) {
                at(record.buffer(), record.headerValuePosition(), record.headerValueLength());
            } else {
                at(boundName, 0, boundName.readableBytes());
            }
        }
        spelling = spellingOf(record);
        return true;
    }

    private void at(ByteBuf source, int start, int bytes) {
        buffer = source;
        position = start;
        length = bytes;
    }

    private Spelling spellingOf(RecordView record) {
        if (record.headerCount() > 0) {
            record.rewindHeaders();
            if (record.nextHeader(SPELLING) && record.headerValueLength() == 1) {
                return record.buffer().getByte(record.headerValuePosition()) == '/' ? Spelling.SLASH : Spelling.DOT;
            }
        }
        Spelling fixed = rule.spelling();
        if (fixed != null) {
            return fixed;
        }
        return buffer.indexOf(position, position + length, (byte) '/') >= 0 ? Spelling.SLASH : Spelling.DOT;
    }

    /** Borrowed until the record's buffer goes. */
    ByteBuf buffer() {
        return buffer;
    }

    int position() {
        return position;
    }

    int length() {
        return length;
    }

    /** In which it was published. */
    Spelling spelling() {
        return spelling;
    }

    String text() {
        return buffer.toString(position, length, StandardCharsets.UTF_8);
    }

    void clear() {
        buffer = Unpooled.EMPTY_BUFFER;
    }
}
