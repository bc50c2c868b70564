/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A number for each key, in bounded memory: 16 bytes of the key's SHA-256 and the number, open addressing in one array, as
 * Kafka's SkimpyOffsetMap does with MD5. Keys come from clients, who must not be able to make two of them collide: the
 * loser's last value would be lost. Confined to one loop.
 */
final class KeyIndex {
    static final int SLOT_BYTES = 24;
    static final long NONE = -1;
    private static final int LONGS = 3;
    private static final int DIGEST_BYTES = 32;

    private final MessageDigest digest;
    private final byte[] hash = new byte[DIGEST_BYTES];
    private final ByteBuffer hashLongs = ByteBuffer.wrap(hash);
    /** High half, low half, number + 1: 0 is a free slot. */
    private final long[] slots;

    private final int capacity;
    private final int fillMax;
    private int size;
    private long high;
    private long low;

    /**
     * @param bytesMax memory that it may take
     * @param keysMax more keys cannot come, so that a small shard takes little
     */
    KeyIndex(long bytesMax, long keysMax) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
        long wanted = Math.max(16, keysMax + keysMax / 2 + 1);
        capacity = (int) Math.min(Math.min(wanted, bytesMax / SLOT_BYTES), (Integer.MAX_VALUE - 8) / LONGS);
        fillMax = (int) (capacity * 3L / 4);
        slots = new long[capacity * LONGS];
    }

    /** False when there is no room for another key; nothing has changed then. */
    boolean put(ByteBuf buffer, int position, int length, long number) {
        int slot = find(buffer, position, length);
        if (slots[slot + 2] == 0 && !claim(slot)) {
            return false;
        }
        slots[slot + 2] = number + 1;
        return true;
    }

    /** Counts the key; false when there is no room for another one. */
    boolean increment(ByteBuf buffer, int position, int length) {
        int slot = find(buffer, position, length);
        if (slots[slot + 2] == 0) {
            if (!claim(slot)) {
                return false;
            }
            slots[slot + 2] = 1;
        }
        slots[slot + 2]++;
        return true;
    }

    /** Counts the key if it is there already. */
    void incrementKnown(ByteBuf buffer, int position, int length) {
        int slot = find(buffer, position, length);
        if (slots[slot + 2] != 0) {
            slots[slot + 2]++;
        }
    }

    /** The number of the key, one less from now on; {@link #NONE} when the key is not there. */
    long decrement(ByteBuf buffer, int position, int length) {
        int slot = find(buffer, position, length);
        if (slots[slot + 2] <= 1) {
            return NONE;
        }
        return --slots[slot + 2] - 1;
    }

    /** The number of the key, {@link #NONE} when it is not there. */
    long get(ByteBuf buffer, int position, int length) {
        return slots[find(buffer, position, length) + 2] - 1;
    }

    private boolean claim(int slot) {
        if (size == fillMax) {
            return false;
        }
        slots[slot] = high;
        slots[slot + 1] = low;
        size++;
        return true;
    }

    /** Where the key is, or the free slot where it would be; there always is one. */
    private int find(ByteBuf buffer, int position, int length) {
        hash(buffer, position, length);
        int at = (int) Long.remainderUnsigned(high, capacity);
        while (true) {
            int slot = at * LONGS;
            if (slots[slot + 2] == 0 || (slots[slot] == high && slots[slot + 1] == low)) {
                return slot;
            }
            at = at + 1 == capacity ? 0 : at + 1;
        }
    }

    private void hash(ByteBuf buffer, int position, int length) {
        try {
            if (buffer.hasArray()) {
                digest.update(buffer.array(), buffer.arrayOffset() + position, length);
            } else {
                for (ByteBuffer part : buffer.nioBuffers(position, length)) {
                    digest.update(part);
                }
            }
            digest.digest(hash, 0, DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has " + DIGEST_BYTES + " bytes", e);
        }
        high = hashLongs.getLong(0);
        low = hashLongs.getLong(8);
    }
}
