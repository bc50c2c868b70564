/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.storage.support.EpochHistory.Start;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What is stored of a shard beside its batches, written in one step with them. Immutable.
 *
 * @param number short name of the shard in all other keys, never used twice
 * @param head first offset whose batch may still be there; the start may lie inside of that batch
 * @param cleared everything below is deleted from the disk, not only by rule
 * @param epoch the highest one that has opened the shard
 * @param epochs which epoch has written from where on
 */
record ShardRecord(
        long number,
        long start,
        long end,
        long head,
        long cleared,
        long bytes,
        long records,
        int batches,
        int epoch,
        List<Start> epochs) {
    private static final int FIXED_BYTES = 7 * 8 + 3 * 4;
    private static final int EPOCH_BYTES = 12;

    static ShardRecord fresh(long number) {
        return new ShardRecord(number, 0, 0, 0, 0, 0, 0, 0, -1, List.of());
    }

    byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + EPOCH_BYTES * epochs.size());
        buffer.putLong(number).putLong(start).putLong(end).putLong(head).putLong(cleared);
        buffer.putLong(bytes).putLong(records).putInt(batches).putInt(epoch).putInt(epochs.size());
        for (Start start : epochs) {
            buffer.putInt(start.epoch()).putLong(start.offset());
        }
        return buffer.array();
    }

    static ShardRecord decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long number = buffer.getLong();
        long start = buffer.getLong();
        long end = buffer.getLong();
        long head = buffer.getLong();
        long cleared = buffer.getLong();
        long size = buffer.getLong();
        long records = buffer.getLong();
        int batches = buffer.getInt();
        int epoch = buffer.getInt();
        List<Start> epochs = new ArrayList<>();
        for (int left = buffer.getInt(); left > 0; left--) {
            epochs.add(new Start(buffer.getInt(), buffer.getLong()));
        }
        return new ShardRecord(number, start, end, head, cleared, size, records, batches, epoch, epochs);
    }
}
