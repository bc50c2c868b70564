/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The partition of a key: {@code (murmur2(k) & 0x7fffffff) % partitions}, byte for byte what Kafka's own producers do, so that one key
 * lands in one partition whoever publishes it.
 *
 * <p>Immutable: static functions only; nothing is allocated but by the form that takes a string.
 */
public final class Partitioner {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private Partitioner() {}

    public static int partition(byte[] key, int offset, int length, int partitions) {
        return bounded(murmur2(key, offset, length), partitions);
    }

    /** Over a range of absolute indexes; the buffer's own indexes stay as they are. */
    public static int partition(ByteBuf key, int index, int length, int partitions) {
        return bounded(murmur2(key, index, length), partitions);
    }

    /** Over the UTF-8 form, as producers with a string serializer do. */
    public static int partition(String key, int partitions) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return partition(bytes, 0, bytes.length, partitions);
    }

    private static int bounded(int hash, int partitions) {
        return (hash & 0x7fffffff) % partitions;
    }

    public static int murmur2(byte[] bytes, int offset, int length) {
        int hash = SEED ^ length;
        int end = offset + (length & ~3);
        int i = offset;
        for (; i < end; i += 4) {
            int word = bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8 | (bytes[i + 2] & 0xff) << 16 | bytes[i + 3] << 24;
            hash = mix(hash, word);
        }
        int tail = 0;
        for (int shift = 0; i < offset + length; i++, shift += 8) {
            tail |= (bytes[i] & 0xff) << shift;
        }
        return finish(hash, tail, length);
    }

    public static int murmur2(ByteBuf bytes, int index, int length) {
        int hash = SEED ^ length;
        int end = index + (length & ~3);
        int i = index;
        for (; i < end; i += 4) {
            hash = mix(hash, bytes.getIntLE(i));
        }
        int tail = 0;
        for (int shift = 0; i < index + length; i++, shift += 8) {
            tail |= (bytes.getByte(i) & 0xff) << shift;
        }
        return finish(hash, tail, length);
    }

    private static int mix(int hash, int word) {
        int mixed = word * MULTIPLIER;
        mixed ^= mixed >>> SHIFT;
        return hash * MULTIPLIER ^ mixed * MULTIPLIER;
    }

    private static int finish(int hash, int tail, int length) {
        int last = (length & 3) == 0 ? hash : (hash ^ tail) * MULTIPLIER;
        last = (last ^ last >>> 13) * MULTIPLIER;
        return last ^ last >>> 15;
    }
}
