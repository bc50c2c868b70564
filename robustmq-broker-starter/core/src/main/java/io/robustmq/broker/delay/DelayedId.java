/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.robustmq.kernel.RmqError;
import java.nio.ByteBuffer;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Which delayed message. Its order is the order of publication: by due time, then as accepted. Immutable. As bytes, the key in
 * {@code __delayed}: due time and sequence.
 *
 * @param sequence rises within the partition
 */
public record DelayedId(int partition, long dueMillis, long sequence) implements Comparable<DelayedId> {
    static final int KEY_BYTES = 16;
    private static final int TEXT_LENGTH = 2 + 12 + 16;
    private static final int HEX = 16;
    private static final Comparator<DelayedId> ORDER = Comparator.comparingLong(DelayedId::dueMillis)
            .thenComparingLong(DelayedId::sequence)
            .thenComparingInt(DelayedId::partition);

    byte[] key() {
        return ByteBuffer.allocate(KEY_BYTES)
                .putLong(dueMillis)
                .putLong(sequence)
                .array();
    }

    static DelayedId ofKey(int partition, byte[] key) {
        if (key.length != KEY_BYTES) {
            throw RmqError.CORRUPT_DATA.exception("not the key of a delayed message");
        }
        ByteBuffer in = ByteBuffer.wrap(key);
        return new DelayedId(partition, in.getLong(), in.getLong());
    }

    /** 30 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%02x%012x%016x", partition, dueMillis, sequence);
    }

    /** Fails with NOT_FOUND: there can be no such message. */
    static DelayedId parse(String text) {
        DelayedId id = parseOrNull(text);
        if (id == null) {
            throw RmqError.NOT_FOUND.exception("there is no delayed message " + text);
        }
        return id;
    }

    static @Nullable DelayedId parseOrNull(String text) {
        if (text.length() != TEXT_LENGTH) {
            return null;
        }
        try {
            return new DelayedId(
                    Integer.parseInt(text, 0, 2, HEX),
                    Long.parseLong(text, 2, 14, HEX),
                    Long.parseLong(text, 14, TEXT_LENGTH, HEX));
        } catch (NumberFormatException notOurs) {
            return null;
        }
    }

    @Override
    public int compareTo(DelayedId other) {
        return ORDER.compare(this, other);
    }
}
