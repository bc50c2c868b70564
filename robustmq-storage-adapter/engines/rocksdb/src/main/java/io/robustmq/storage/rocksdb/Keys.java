/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import java.nio.ByteBuffer;

/**
 * How keys are spelled. Numbers are big-endian, so that a shard's batches lie next to each other in the order of their
 * offsets. Stateless.
 */
final class Keys {
    /** Bytes of a place in a shard: its number and an offset. */
    static final int PLACE_BYTES = 16;

    /** Format of everything below. */
    static final byte[] VERSION = {'v'};
    /** The number that the next new shard gets. */
    static final byte[] NEXT_NUMBER = {'n'};
    /** Sequence number of RocksDB below which everything had been forced when this was written. */
    static final byte[] FORCED = {'f'};

    private static final byte SHARD = 's';
    private static final byte STATE = 't';
    private static final int SHARD_BYTES = 1 + 8 + 8 + 4;

    private Keys() {}

    static byte[] place(long shard, long offset) {
        return ByteBuffer.allocate(PLACE_BYTES).putLong(shard).putLong(offset).array();
    }

    static byte[] shard(ShardId id) {
        return ByteBuffer.allocate(SHARD_BYTES)
                .put(SHARD)
                .putLong(id.topic().mostSignificantBits())
                .putLong(id.topic().leastSignificantBits())
                .putInt(id.partition())
                .array();
    }

    static byte[] firstShard() {
        return new byte[] {SHARD};
    }

    static boolean isShard(byte[] key) {
        return key.length == SHARD_BYTES && key[0] == SHARD;
    }

    static ShardId shardId(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key, 1, SHARD_BYTES - 1);
        return new ShardId(new TopicId(buffer.getLong(), buffer.getLong()), buffer.getInt());
    }

    static byte[] state(long shard, String name) {
        byte[] text = name.getBytes(UTF_8);
        return ByteBuffer.allocate(1 + 8 + text.length)
                .put(STATE)
                .putLong(shard)
                .put(text)
                .array();
    }

    /** Before all states of the shard. */
    static byte[] firstState(long shard) {
        return state(shard, "");
    }

    static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }
}
