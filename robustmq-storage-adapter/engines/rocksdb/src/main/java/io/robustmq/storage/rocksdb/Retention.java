/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.storage.ShardConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which batches go, and when they go from the disk as well. Dropping is by rule: the head moves, nothing is deleted. The
 * deletion of what lies below the head waits until it is worth a range deletion. Confined to the writer's thread.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int BATCHES_PER_TURN = 20_000;
    private static final int CLEAR_BATCHES = 256;
    private static final long CLEAR_BYTES = 1L << 20;

    private final Database database;
    private final Counters counters;
    private final SpaceKeeper space;

    Retention(Database database, Counters counters, SpaceKeeper space) {
        this.database = database;
        this.counters = counters;
        this.space = space;
    }

    /** Drops what the appends of a group pushed beyond the limits in bytes and records; answers whether anything was. */
    boolean apply(List<RocksShard> shards) {
        boolean dropped = false;
        for (RocksShard shard : shards) {
            if (shard.hasGrown()) {
                long before = shard.start();
                try {
                    retain(shard, Long.MIN_VALUE);
                } catch (RocksDBException e) {
                    // One shard cannot be read; that is no reason to write no more of any.
                    LOG.warn("{} keeps more than it should", shard.id(), Database.failure("cannot read", e));
                }
                dropped |= shard.start() != before;
            }
        }
        return dropped;
    }

    /** Drops what is beyond the limits and not pinned; the time counts only where it is given. */
    void retain(RocksShard shard, long nowMillis) throws RocksDBException {
        ShardConfig config = shard.config();
        RocksStore store = shard.current();
        if (store == null || config.compacted() || shard.batches() == 0) {
            return;
        }
        long lowestPin = store.lowestPin();
        boolean timed = nowMillis != Long.MIN_VALUE && config.retentionMillis() >= 0;
        if (!timed && !isOverSize(shard, config)) {
            return;
        }
        int evicted = dropWhile(shard, entry -> isOver(shard, entry, nowMillis) && !isPinned(shard, entry, lowestPin));
        counters.evictedBatches.add(evicted);
        IndexEntry head = shard.headEntry();
        long limit = config.retentionRecords();
        if (head != null && limit >= 0 && shard.records() > limit && head.isDense()) {
            long start = head.baseOffset() + shard.records() - limit;
            shard.raiseStart(Math.min(Math.min(start, head.lastOffset()), lowestPin));
        }
    }

    private static boolean isOverSize(RocksShard shard, ShardConfig config) {
        return isOverBytes(shard, config)
                || (config.retentionRecords() >= 0 && shard.records() > config.retentionRecords());
    }

    private static boolean isOverBytes(RocksShard shard, ShardConfig config) {
        return config.retentionBytes() >= 0 && shard.bytes() > config.retentionBytes();
    }

    private static boolean isOver(RocksShard shard, IndexEntry head, long nowMillis) {
        ShardConfig config = shard.config();
        if (shard.batches() > 1) {
            if (isOverBytes(shard, config)) {
                return true;
            }
            long limit = config.retentionRecords();
            if (limit >= 0 && shard.records() - head.records() >= limit) {
                return true;
            }
        }
        long timestamp = head.maxTimestampMillis();
        return nowMillis != Long.MIN_VALUE
                && config.retentionMillis() >= 0
                && timestamp >= 0
                && timestamp < nowMillis - config.retentionMillis();
    }

    /** A pin may hold twice the limit in bytes; then it is overrun. */
    private static boolean isPinned(RocksShard shard, IndexEntry head, long lowestPin) {
        long limit = shard.config().retentionBytes();
        return head.lastOffset() >= lowestPin && (limit < 0 || shard.bytes() / 2 <= limit);
    }

    /**
     * Drops whole batches below the offset, and what of the next one lies below it by rule; false when there are more than
     * the other shards should wait for.
     */
    boolean dropBelow(RocksShard shard, long offset) throws RocksDBException {
        int dropped = dropWhile(shard, entry -> entry.lastOffset() < offset);
        if (dropped == BATCHES_PER_TURN) {
            return false;
        }
        shard.raiseStart(offset);
        return true;
    }

    /** Says of the oldest batch whether it goes. */
    @FunctionalInterface
    private interface Verdict {
        boolean goes(IndexEntry head);
    }

    private int dropWhile(RocksShard shard, Verdict verdict) throws RocksDBException {
        IndexEntry head = shard.headEntry();
        if (shard.batches() == 0 || (head != null && !verdict.goes(head))) {
            return 0;
        }
        int dropped = 0;
        try (ShardCursor cursor =
                new ShardCursor(database.rocks(), database.index(), shard.number(), shard.head(), null)) {
            cursor.seek(shard.head());
            head = entry(cursor);
            while (head != null && dropped < BATCHES_PER_TURN && verdict.goes(head)) {
                cursor.next();
                IndexEntry next = entry(cursor);
                shard.dropHead(head, next);
                dropped++;
                head = next;
            }
            shard.headEntry(head);
        }
        return dropped;
    }

    private static @Nullable IndexEntry entry(ShardCursor cursor) throws RocksDBException {
        return cursor.isValid() ? cursor.indexEntry() : null;
    }

    /** Learns the oldest batch, unless it is known. */
    void findHead(RocksShard shard) throws RocksDBException {
        dropWhile(shard, head -> false);
    }

    // --- space

    /** Deletes what was dropped where it is worth it; answers whether there is something to write. */
    boolean clear(List<RocksShard> shards, Group group) throws RocksDBException {
        boolean any = false;
        for (RocksShard shard : shards) {
            boolean worth = shard.clearableBatches() >= CLEAR_BATCHES || shard.clearableBytes() >= CLEAR_BYTES;
            if (worth && !shard.isDestroyed()) {
                clear(shard, group);
                group.changes()
                        .put(
                                database.meta(),
                                Keys.shard(shard.id()),
                                shard.record().encode());
                any = true;
            }
        }
        return any;
    }

    /** Deletes what was dropped, in this group. */
    void clear(RocksShard shard, Group group) throws RocksDBException {
        if (shard.clearableBatches() == 0) {
            return;
        }
        byte[] from = Keys.place(shard.number(), shard.cleared());
        byte[] to = Keys.place(shard.number(), shard.head());
        group.changes().deleteRange(database.batches(), from, to);
        group.changes().deleteRange(database.index(), from, to);
        counters.clearedBytes.add(shard.clearableBytes());
        space.cleared(from, to, shard.clearableBytes());
        shard.clear();
    }

    /** Deletes everything of a shard but its record. */
    void clearAll(RocksShard shard, Group group) throws RocksDBException {
        byte[] from = Keys.place(shard.number(), 0);
        byte[] to = Keys.place(shard.number() + 1, 0);
        group.changes().deleteRange(database.batches(), from, to);
        group.changes().deleteRange(database.index(), from, to);
        group.changes()
                .deleteRange(database.meta(), Keys.firstState(shard.number()), Keys.firstState(shard.number() + 1));
        long bytes = shard.bytes() + shard.clearableBytes();
        counters.clearedBytes.add(bytes);
        space.cleared(from, to, bytes);
    }
}
