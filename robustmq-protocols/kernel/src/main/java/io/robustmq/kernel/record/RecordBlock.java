/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Key and headers of a record as a block beside a message on its way to live subscribers, for those whose protocol has something like
 * them: the key, then the headers, encoded as in a record. Reusable; confined to one loop.
 */
public final class RecordBlock {
    /** What a run says of itself whose messages have such blocks; no protocol's name. */
    public static final String FORMAT = "record";

    private static final byte[] RESERVED = RecordHeaders.RESERVED_PREFIX.getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = RecordHeaders.KEY.getBytes(StandardCharsets.UTF_8);

    private final VarintCursor cursor = new VarintCursor();
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int keyPosition;
    private int keyLength;
    private int headersLeft;
    private int namePosition;
    private int nameLength;
    private int valuePosition;
    private int valueLength;

    /**
     * Writes the block of a record behind what is there; nothing when it has neither key nor headers.
     *
     * @param keyIsSubject whether the client's key, if it has one, is in a header
     */
    public static void write(RecordView record, boolean keyIsSubject, ByteBuf to) {
        int keyPosition = record.keyPosition();
        int keyLength = record.keyLength();
        if (keyIsSubject) {
            record.rewindHeaders();
            boolean found = record.nextHeader(KEY);
            keyPosition = found ? record.headerValuePosition() : 0;
            keyLength = found ? record.headerValueLength() : -1;
        }
        if (keyLength < 0 && record.headerCount() == 0) {
            return;
        }
        writeVarint(to, keyLength);
        if (keyLength > 0) {
            to.writeBytes(record.buffer(), keyPosition, keyLength);
        }
        writeVarint(to, record.headerCount());
        to.writeBytes(record.buffer(), record.headersPosition(), record.headersLength());
    }

    private static void writeVarint(ByteBuf to, int value) {
        byte[] bytes = new byte[Varints.MAX_INT_BYTES];
        to.writeBytes(bytes, 0, Varints.putInt(bytes, 0, value));
    }

    /** Reads a block; borrowed until the next one. */
    public RecordBlock read(ByteBuf source, int offset, int length) {
        buffer = source;
        cursor.reset(source, offset, offset + length);
        keyLength = cursor.readLength(-1);
        keyPosition = cursor.position();
        cursor.skip(Math.max(keyLength, 0));
        headersLeft = cursor.readLength(0);
        return this;
    }

    /** Moves to the next header that is the client's own; false behind the last one. */
    public boolean nextHeader() {
        while (nextOfAll()) {
            if (!isReserved()) {
                return true;
            }
        }
        return false;
    }

    /** Moves to the next header, whosever it is; false behind the last one. */
    public boolean nextOfAll() {
        if (headersLeft == 0) {
            return false;
        }
        headersLeft--;
        nameLength = cursor.readLength(0);
        namePosition = cursor.position();
        cursor.skip(nameLength);
        valueLength = cursor.readLength(-1);
        valuePosition = cursor.position();
        cursor.skip(Math.max(valueLength, 0));
        return true;
    }

    /** Whether the header's name is that. */
    public boolean nameIs(byte[] utf8) {
        if (nameLength != utf8.length) {
            return false;
        }
        for (int i = 0; i < utf8.length; i++) {
            if (buffer.getByte(namePosition + i) != utf8[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the header is the broker's. */
    public boolean isReserved() {
        if (nameLength < RESERVED.length) {
            return false;
        }
        for (int i = 0; i < RESERVED.length; i++) {
            if (buffer.getByte(namePosition + i) != RESERVED[i]) {
                return false;
            }
        }
        return true;
    }

    /** What the positions point into. */
    public ByteBuf buffer() {
        return buffer;
    }

    public int keyPosition() {
        return keyPosition;
    }

    /** -1 if there is none. */
    public int keyLength() {
        return keyLength;
    }

    public int namePosition() {
        return namePosition;
    }

    public int nameLength() {
        return nameLength;
    }

    public int valuePosition() {
        return valuePosition;
    }

    /** -1 if the value is null. */
    public int valueLength() {
        return valueLength;
    }
}
