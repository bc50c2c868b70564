/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.TimestampAndOffset;
import io.robustmq.storage.support.BatchTimes;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** Looks into the database; blocks, so it is called on readers' threads only. Thread-safe. */
final class ShardReads {
    private static final int LAST_OFFSET_DELTA = 23;

    private final Database database;
    private final ByteBufAllocator allocator;
    private final Counters counters;

    ShardReads(Database database, ByteBufAllocator allocator, Counters counters) {
        this.database = database;
        this.allocator = allocator;
        this.counters = counters;
    }

    Database database() {
        return database;
    }

    /** Whole batches from the one that holds the offset, below {@code end}; the caller releases them. */
    ByteBuf read(RocksShard shard, RocksShard.View view, long fromOffset, long end, ReadLimits limits) {
        ByteBuf target = allocator.directBuffer(Math.min(limits.maxBytes(), 4096));
        boolean complete = false;
        try (ShardCursor cursor =
                new ShardCursor(database.rocks(), database.batches(), shard.number(), view.head(), null)) {
            seekHolder(cursor, fromOffset);
            byte[] header = new byte[RecordBatch.HEADER_BYTES];
            while (cursor.isValid() && cursor.baseOffset() < end) {
                int size = cursor.value(header);
                if (target.isReadable() && target.readableBytes() + (long) size > limits.maxBytes()) {
                    break;
                }
                int at = target.writerIndex();
                cursor.value(target, size);
                check(shard, cursor.baseOffset(), target.slice(at, size));
                cursor.next();
            }
            complete = true;
            if (!target.isReadable()) {
                target.release();
                return Unpooled.EMPTY_BUFFER;
            }
            return target;
        } catch (RocksDBException e) {
            throw Database.failure("cannot read " + shard.id(), e);
        } finally {
            if (!complete) {
                target.release();
            }
        }
    }

    /** To the batch that holds the offset, or the first behind it. */
    private static void seekHolder(ShardCursor cursor, long offset) throws RocksDBException {
        cursor.seekBack(offset);
        if (!cursor.isValid()) {
            cursor.seek(offset);
            return;
        }
        byte[] header = new byte[RecordBatch.HEADER_BYTES];
        cursor.value(header);
        if (cursor.baseOffset() + ByteBuffer.wrap(header).getInt(LAST_OFFSET_DELTA) < offset) {
            cursor.next();
        }
    }

    /** RocksDB has checked its blocks; this finds what was damaged before it came there or by a fault of ours. */
    private void check(RocksShard shard, long baseOffset, ByteBuf bytes) {
        RecordBatch batch = new RecordBatch(bytes);
        boolean sound = batch.sizeBytes() >= RecordBatch.HEADER_BYTES
                && batch.declaredSizeBytes() == batch.sizeBytes()
                && batch.baseOffset() == baseOffset
                && batch.crc() == RecordBatches.computeCrc(batch);
        if (!sound) {
            counters.corruptReads.increment();
            throw RmqError.CORRUPT_DATA.exception("the batch at " + baseOffset + " of " + shard.id() + " is damaged");
        }
    }

    // --- by time

    /** See {@link ShardStore#offsetForTimestamp}. */
    TimestampAndOffset offsetForTimestamp(RocksShard shard, RocksShard.View view, long timestampMillis) {
        Snapshot snapshot = database.rocks().getSnapshot();
        try {
            long wanted = timestampMillis;
            if (timestampMillis == ShardStore.LATEST_TIMESTAMP) {
                wanted = latest(shard, view, snapshot);
                if (wanted == Long.MIN_VALUE) {
                    return TimestampAndOffset.NONE;
                }
            }
            return firstAtOrAfter(shard, view, wanted, snapshot);
        } catch (RocksDBException e) {
            throw Database.failure("cannot read " + shard.id(), e);
        } finally {
            database.rocks().releaseSnapshot(snapshot);
        }
    }

    private long latest(RocksShard shard, RocksShard.View view, Snapshot snapshot) throws RocksDBException {
        long latest = Long.MIN_VALUE;
        try (ShardCursor index = index(shard, view, snapshot)) {
            for (index.seek(view.head()); index.isValid(); index.next()) {
                IndexEntry entry = index.indexEntry();
                if (entry.baseOffset() >= view.end()) {
                    break;
                }
                if (entry.records() == 0) {
                    // It keeps a producer's place, with the time of a record that is gone.
                    continue;
                }
                if (entry.baseOffset() >= view.start()) {
                    latest = Math.max(latest, entry.maxTimestampMillis());
                } else if (entry.lastOffset() >= view.start()) {
                    // The start cuts this batch, whose own largest timestamp then says nothing.
                    RecordBatch batch = batch(shard, entry.baseOffset(), snapshot);
                    latest = Math.max(latest, BatchTimes.maxAtOrAfter(batch, view.start()));
                }
            }
        }
        return latest;
    }

    private TimestampAndOffset firstAtOrAfter(
            RocksShard shard, RocksShard.View view, long timestampMillis, Snapshot snapshot) throws RocksDBException {
        try (ShardCursor index = index(shard, view, snapshot)) {
            for (index.seek(view.head()); index.isValid(); index.next()) {
                IndexEntry entry = index.indexEntry();
                if (entry.baseOffset() >= view.end()) {
                    break;
                }
                if (entry.maxTimestampMillis() >= timestampMillis && entry.lastOffset() >= view.start()) {
                    RecordBatch batch = batch(shard, entry.baseOffset(), snapshot);
                    TimestampAndOffset found = BatchTimes.firstAtOrAfter(batch, view.start(), timestampMillis);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return TimestampAndOffset.NONE;
    }

    private ShardCursor index(RocksShard shard, RocksShard.View view, Snapshot snapshot) {
        return new ShardCursor(database.rocks(), database.index(), shard.number(), view.head(), snapshot);
    }

    /** On the heap: nobody has to release it. */
    private RecordBatch batch(RocksShard shard, long baseOffset, Snapshot snapshot) throws RocksDBException {
        try (ReadOptions options = new ReadOptions().setSnapshot(snapshot)) {
            byte[] bytes = database.rocks().get(database.batches(), options, Keys.place(shard.number(), baseOffset));
            if (bytes == null) {
                throw RmqError.CORRUPT_DATA.exception(
                        "the batch at " + baseOffset + " of " + shard.id() + " is in the index only");
            }
            ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
            check(shard, baseOffset, buffer);
            return new RecordBatch(buffer);
        }
    }

    // --- state

    StateSnapshot state(RocksShard shard, String name) {
        try {
            byte[] stored = database.get(Keys.state(shard.number(), name));
            return stored == null
                    ? new StateSnapshot(-1, Unpooled.EMPTY_BUFFER)
                    : new StateSnapshot(Keys.number(stored), Unpooled.wrappedBuffer(stored, 8, stored.length - 8));
        } catch (RocksDBException e) {
            throw Database.failure("cannot read the state '" + name + "' of " + shard.id(), e);
        }
    }

    /** Runs unless the database is closed, putting our error in place of whatever fails. */
    <T> Outcome<T> run(Supplier<T> look) {
        if (!database.enter()) {
            return new Outcome<>(null, RmqError.CLOSED.exception("the rocksdb engine is closed"));
        }
        try {
            return new Outcome<>(look.get(), null);
        } catch (RmqException e) {
            return new Outcome<>(null, e);
        } catch (RuntimeException | OutOfMemoryError e) {
            // Netty throws the latter for its own limit, before the JVM is in any danger.
            return new Outcome<>(null, new RmqException(RmqError.INTERNAL, "the rocksdb engine failed: " + e, e));
        } finally {
            database.leave();
        }
    }

    /** Either of both. Immutable. */
    record Outcome<T>(@Nullable T value, @Nullable RmqException failure) {}
}
