/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** A walk over one family's entries of one shard, as of its creation or of a snapshot. Confined to one thread. */
final class ShardCursor implements AutoCloseable {
    private final long shard;
    private final Slice lower;
    private final Slice upper;
    private final ReadOptions options;
    private final RocksIterator iterator;
    private final byte[] key = new byte[Keys.PLACE_BYTES];

    /** Sees offsets from {@code from} on; what was deleted below is not even passed over. */
    ShardCursor(RocksDB rocks, ColumnFamilyHandle family, long shard, long from, @Nullable Snapshot snapshot) {
        this.shard = shard;
        lower = new Slice(Keys.place(shard, from));
        upper = new Slice(Keys.place(shard + 1, 0));
        options = new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
        if (snapshot != null) {
            options.setSnapshot(snapshot);
        }
        iterator = rocks.newIterator(family, options);
    }

    /** To the first entry at or after the offset. */
    ShardCursor seek(long offset) {
        iterator.seek(Keys.place(shard, offset));
        return this;
    }

    /** To the last entry at or before the offset. */
    ShardCursor seekBack(long offset) {
        iterator.seekForPrev(Keys.place(shard, offset));
        return this;
    }

    /** Whether there is an entry here; throws when the disk failed, which looks like an end otherwise. */
    boolean isValid() throws RocksDBException {
        if (iterator.isValid()) {
            return true;
        }
        iterator.status();
        return false;
    }

    void next() {
        iterator.next();
    }

    long baseOffset() {
        iterator.key(key);
        return ByteBuffer.wrap(key).getLong(8);
    }

    IndexEntry indexEntry() {
        byte[] value = new byte[IndexEntry.BYTES];
        iterator.value(value);
        return IndexEntry.decode(baseOffset(), value);
    }

    /** As much of the value as there is room for; answers with its whole size. */
    int value(byte[] target) {
        return iterator.value(target);
    }

    /** Appends the value of that size. */
    void value(ByteBuf target, int bytes) {
        target.ensureWritable(bytes);
        iterator.value(target.nioBuffer(target.writerIndex(), bytes));
        target.writerIndex(target.writerIndex() + bytes);
    }

    @Override
    public void close() {
        iterator.close();
        options.close();
        upper.close();
        lower.close();
    }
}
