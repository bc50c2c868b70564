/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes record headers (name length, name, value length, value) into a recycled array, in the order of adding; the same
 * name may come more than once. Confined to one loop.
 */
public final class HeaderBlockWriter {
    private static final int INITIAL_BYTES = 256;
    /** An array that one large block made larger than this is not kept. */
    private static final int MAX_KEPT_BYTES = 64 * 1024;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;
    private int count;

    /** Forgets all headers. */
    public HeaderBlockWriter reset() {
        length = 0;
        count = 0;
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
        return this;
    }

    /** Allocates for the name: cold paths only; elsewhere hold the name as bytes. */
    public HeaderBlockWriter add(String name, byte @Nullable [] value) {
        return add(name.getBytes(StandardCharsets.UTF_8), value);
    }

    public HeaderBlockWriter add(byte[] nameUtf8, byte @Nullable [] value) {
        int valueLength = value == null ? -1 : value.length;
        int at = startHeader(nameUtf8.length, valueLength);
        System.arraycopy(nameUtf8, 0, bytes, at, nameUtf8.length);
        at = Varints.putInt(bytes, at + nameUtf8.length, valueLength);
        if (value != null) {
            System.arraycopy(value, 0, bytes, at, value.length);
            at += value.length;
        }
        finishHeader(at);
        return this;
    }

    /** Headers that another writer has written, as many as it counted. */
    public HeaderBlockWriter addAll(byte[] block, int headers) {
        if (block.length > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.addExact(length, block.length) + INITIAL_BYTES);
        }
        System.arraycopy(block, 0, bytes, length, block.length);
        length += block.length;
        count += headers;
        return this;
    }

    /** A value of length -1 is null. */
    public HeaderBlockWriter add(byte[] nameUtf8, ByteBuf valueSource, int valueOffset, int valueLength) {
        int at = startHeader(nameUtf8.length, valueLength);
        System.arraycopy(nameUtf8, 0, bytes, at, nameUtf8.length);
        finishHeader(putValue(at + nameUtf8.length, valueSource, valueOffset, valueLength));
        return this;
    }

    /** Name and value where a packet holds them; a value of length -1 is null. */
    public HeaderBlockWriter add(
            ByteBuf nameSource, int nameOffset, int nameLength, ByteBuf valueSource, int valueOffset, int valueLength) {
        int at = startHeader(nameLength, valueLength);
        nameSource.getBytes(nameOffset, bytes, at, nameLength);
        finishHeader(putValue(at + nameLength, valueSource, valueOffset, valueLength));
        return this;
    }

    private int putValue(int index, ByteBuf source, int offset, int valueLength) {
        int at = Varints.putInt(bytes, index, valueLength);
        if (valueLength > 0) {
            source.getBytes(offset, bytes, at, valueLength);
            at += valueLength;
        }
        return at;
    }

    private int startHeader(int nameLength, int valueLength) {
        if (nameLength < 0 || valueLength < -1) {
            throw new IllegalArgumentException("a name has 0 bytes or more, a value -1 (null) or more");
        }
        long needed = (long) length + 2 * Varints.MAX_INT_BYTES + nameLength + Math.max(valueLength, 0);
        if (needed > bytes.length) {
            if (needed > Integer.MAX_VALUE / 2) {
                throw RmqError.PAYLOAD_TOO_LARGE.exception("headers of " + needed + " bytes do not fit into a record");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, Integer.MAX_VALUE / 2)));
        }
        return Varints.putInt(bytes, length, nameLength);
    }

    private void finishHeader(int end) {
        length = end;
        count++;
    }

    /** The block is at [0, {@link #length}); valid until the next change. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public int count() {
        return count;
    }
}
