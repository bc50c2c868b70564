/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The record that a {@link RecordBatchReader} stands on: positions in {@link #buffer}, nothing copied. Valid until the
 * reader moves. Confined to the reader's loop.
 */
public final class RecordView {
    private final VarintCursor cursor = new VarintCursor();
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private long offset;
    private int offsetDelta;
    private long timestampMillis;
    private int keyPosition;
    private int keyLength;
    private int valuePosition;
    private int valueLength;
    private int headerCount;
    private int headersPosition;
    private int end;
    private int headersLeft;
    private int headerNamePosition;
    private int headerNameLength;
    private int headerValuePosition;
    private int headerValueLength;

    RecordView() {}

    /** Parses the whole record, headers too, so that nothing can fail later; answers the position behind it. */
    int parse(ByteBuf buffer, int position, int limit, long baseOffset, long baseTimestampMillis) {
        this.buffer = buffer;
        cursor.reset(buffer, position, limit);
        int size = cursor.readLength(0);
        end = cursor.position() + size;
        cursor.limit(end);
        cursor.readByte(); // attributes of a record: none are defined, and Kafka ignores them as well
        timestampMillis = baseTimestampMillis + cursor.readLong();
        offsetDelta = cursor.readInt();
        offset = baseOffset + offsetDelta;
        keyLength = cursor.readLength(-1);
        keyPosition = cursor.position();
        cursor.skip(Math.max(keyLength, 0));
        valueLength = cursor.readLength(-1);
        valuePosition = cursor.position();
        cursor.skip(Math.max(valueLength, 0));
        headerCount = cursor.readLength(0); // a header has two bytes or more, so this bound holds
        headersPosition = cursor.position();
        headersLeft = headerCount;
        while (nextHeader()) {
            continue;
        }
        if (cursor.position() != end) {
            throw VarintCursor.corrupt(end - cursor.position() + " bytes behind the last header of a record");
        }
        rewindHeaders();
        return end;
    }

    void timestampMillis(long timestampMillis) {
        this.timestampMillis = timestampMillis;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    /** What the positions point into: the batch's own buffer or, if that is compressed, its unpacked records; borrowed. */
    public ByteBuf buffer() {
        return buffer;
    }

    public long offset() {
        return offset;
    }

    public long timestampMillis() {
        return timestampMillis;
    }

    public int keyPosition() {
        return keyPosition;
    }

    /** -1 if the key is null. */
    public int keyLength() {
        return keyLength;
    }

    public int valuePosition() {
        return valuePosition;
    }

    /** -1 if the value is null. */
    public int valueLength() {
        return valueLength;
    }

    /** A copy of the key, or null. */
    public byte @Nullable [] key() {
        return copy(keyPosition, keyLength);
    }

    /** A copy of the value, or null. */
    public byte @Nullable [] value() {
        return copy(valuePosition, valueLength);
    }

    public int headerCount() {
        return headerCount;
    }

    /** Where the encoded headers start; they end with the record, so a copy of them is a block for a new record. */
    public int headersPosition() {
        return headersPosition;
    }

    public int headersLength() {
        return end - headersPosition;
    }

    /** Goes back to before the first header. */
    public void rewindHeaders() {
        cursor.reset(buffer, headersPosition, end);
        headersLeft = headerCount;
    }

    /** Moves to the next header; false behind the last one. */
    public boolean nextHeader() {
        if (headersLeft == 0) {
            return false;
        }
        headersLeft--;
        headerNameLength = cursor.readLength(0);
        headerNamePosition = cursor.position();
        cursor.skip(headerNameLength);
        headerValueLength = cursor.readLength(-1);
        headerValuePosition = cursor.position();
        cursor.skip(Math.max(headerValueLength, 0));
        return true;
    }

    /** Moves to the next header of that name, from where it stands. */
    public boolean nextHeader(byte[] nameUtf8) {
        while (nextHeader()) {
            if (headerNameIs(nameUtf8)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the current header has that name. */
    public boolean headerNameIs(byte[] nameUtf8) {
        return startsWith(nameUtf8) && headerNameLength == nameUtf8.length;
    }

    /** Whether the current header's name starts so, as the reserved ones do. */
    public boolean headerNameStartsWith(byte[] prefixUtf8) {
        return startsWith(prefixUtf8);
    }

    private boolean startsWith(byte[] prefix) {
        if (headerNameLength < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (buffer.getByte(headerNamePosition + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    public int headerNamePosition() {
        return headerNamePosition;
    }

    public int headerNameLength() {
        return headerNameLength;
    }

    public int headerValuePosition() {
        return headerValuePosition;
    }

    /** -1 if the value is null. */
    public int headerValueLength() {
        return headerValueLength;
    }

    /** A copy of the current header's name. */
    public byte[] headerName() {
        return ByteBufUtil.getBytes(buffer, headerNamePosition, headerNameLength);
    }

    /** A copy of the current header's value, or null. */
    public byte @Nullable [] headerValue() {
        return copy(headerValuePosition, headerValueLength);
    }

    private byte @Nullable [] copy(int position, int length) {
        return length < 0 ? null : ByteBufUtil.getBytes(buffer, position, length);
    }
}
