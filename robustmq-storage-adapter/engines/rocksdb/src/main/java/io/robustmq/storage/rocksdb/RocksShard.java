/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.support.EpochHistory;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an open shard. Confined to the writer's thread, where it runs ahead of the disk by the group that is being
 * put together; other threads see the last committed {@link View} only.
 */
final class RocksShard {
    private final ShardId id;
    private final long number;
    private EpochHistory epochs;
    private ShardConfig config;
    private @Nullable RocksStore current;
    /** The one whose epoch is on the disk, while the present one's may not be. */
    private @Nullable RocksStore committed;

    private int highestEpoch;
    private long start;
    private long end;
    private long head;
    private long cleared;
    private long bytes;
    private long records;
    private int batches;
    private @Nullable IndexEntry headEntry;
    private long clearableBytes;
    private int clearableBatches;
    private boolean touched;
    private boolean grown;
    private volatile boolean destroyed;
    private volatile boolean forgotten;
    private volatile View view;

    /**
     * A committed state. Immutable.
     *
     * @param head no batch below is looked at
     * @param headTimestampMillis the youngest time in the oldest batch; {@link Long#MIN_VALUE} when nobody has looked
     */
    record View(ShardStats stats, long head, long headTimestampMillis) {
        long start() {
            return stats.startOffset();
        }

        long end() {
            return stats.endOffset();
        }
    }

    RocksShard(ShardId id, ShardRecord stored, ShardConfig config) {
        this.id = id;
        this.config = config;
        number = stored.number();
        epochs = new EpochHistory(stored.epochs());
        take(stored);
        view = newView();
    }

    private void take(ShardRecord stored) {
        epochs = new EpochHistory(stored.epochs());
        highestEpoch = stored.epoch();
        start = stored.start();
        end = stored.end();
        head = stored.head();
        cleared = stored.cleared();
        bytes = stored.bytes();
        records = stored.records();
        batches = stored.batches();
    }

    /**
     * Goes back to what is stored, after groups that were staged and never written; the owner is the last one whose epoch was.
     * Answers whether there is one.
     */
    boolean reload(ShardRecord stored) {
        View seen = view;
        if (stored.number() != number || stored.end() < seen.end()) {
            throw RmqError.CORRUPT_DATA.exception(
                    id + " ends at " + stored.end() + " on the disk, but " + seen.end() + " was acknowledged");
        }
        take(stored);
        // What readers were told is gone does not come back.
        raiseStart(seen.start());
        headEntry = null;
        clearableBytes = 0;
        clearableBatches = 0;
        touched = false;
        current = committed;
        publish();
        return current != null;
    }

    ShardRecord record() {
        return new ShardRecord(
                number, start, end, head, cleared, bytes, records, batches, highestEpoch, epochs.starts());
    }

    // --- any thread

    ShardId id() {
        return id;
    }

    /** Name of the shard in the keys of its batches. */
    long number() {
        return number;
    }

    View view() {
        return view;
    }

    boolean isDestroyed() {
        return destroyed;
    }

    // --- owners

    void open(RocksStore store, ShardConfig newConfig) {
        if (store.epoch() < highestEpoch) {
            throw RmqError.FENCED.exception("epoch " + store.epoch() + " is over, the shard has seen " + highestEpoch);
        }
        if (store.epoch() == highestEpoch && current != null) {
            // Two owners under one epoch could both acknowledge (I2).
            throw RmqError.FENCED.exception("epoch " + highestEpoch + " is open already");
        }
        highestEpoch = store.epoch();
        current = store;
        config = newConfig;
        epochs.trim(start);
        epochs.begin(highestEpoch, end);
    }

    void checkCurrent(RocksStore store) {
        if (destroyed || store.hasEnded()) {
            throw RmqError.CLOSED.exception("the store is closed");
        }
        if (current != store) {
            throw RmqError.FENCED.exception(
                    "epoch " + store.epoch() + " was fenced by epoch " + highestEpoch + "; drop the shard");
        }
    }

    @Nullable
    RocksStore current() {
        return current;
    }

    void close(RocksStore store) {
        if (current == store) {
            current = null;
        }
        if (committed == store) {
            committed = null;
        }
    }

    void destroy() {
        destroyed = true;
        current = null;
        committed = null;
    }

    /** Whoever opens it next loads it again, so that what is known here grows stale. */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    ShardConfig config() {
        return config;
    }

    void configure(ShardConfig newConfig) {
        config = newConfig;
    }

    // --- content

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    long head() {
        return head;
    }

    long bytes() {
        return bytes;
    }

    long records() {
        return records;
    }

    int batches() {
        return batches;
    }

    void append(IndexEntry entry) {
        if (batches == 0) {
            head = entry.baseOffset();
            headEntry = entry;
        }
        end = entry.lastOffset() + 1;
        grown = true;
        add(entry);
    }

    /** Whether the group appends to it, which is when its limits are looked at. */
    boolean hasGrown() {
        return grown;
    }

    void add(IndexEntry entry) {
        bytes += entry.bytes();
        records += entry.records();
        batches++;
    }

    /** For batches whose entries are deleted one by one. */
    void remove(IndexEntry entry) {
        bytes -= entry.bytes();
        records -= entry.records();
        batches--;
    }

    /** Drops the oldest batch by rule; its bytes stay on the disk until {@link #clear}. */
    void dropHead(IndexEntry entry, @Nullable IndexEntry next) {
        remove(entry);
        clearableBytes += entry.bytes();
        clearableBatches++;
        head = entry.lastOffset() + 1;
        headEntry = next;
        raiseStart(head);
    }

    void raiseStart(long offset) {
        start = Math.max(start, offset);
    }

    /** The oldest batch; null when nobody has looked since it changed. */
    @Nullable
    IndexEntry headEntry() {
        return headEntry;
    }

    void headEntry(@Nullable IndexEntry entry) {
        headEntry = entry;
    }

    // --- space

    long cleared() {
        return cleared;
    }

    long clearableBytes() {
        return clearableBytes;
    }

    int clearableBatches() {
        return clearableBatches;
    }

    /** What lies below the head is being deleted. */
    void clear() {
        cleared = head;
        clearableBytes = 0;
        clearableBatches = 0;
    }

    /** A compacted batch begins below the start, and below nothing that is still there. */
    void lowerHead(long offset) {
        head = offset;
        cleared = Math.min(cleared, offset);
        headEntry = null;
    }

    // --- groups

    /** Whether it was touched by the group for the first time. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    boolean isTouched() {
        return touched;
    }

    /** The group is on the disk. */
    void publish() {
        touched = false;
        grown = false;
        committed = current;
        view = newView();
    }

    private View newView() {
        IndexEntry oldest = headEntry;
        ShardStats stats = new ShardStats(start, end, end, bytes, batches == 0 ? 0 : 1, epochs.ends(start, end));
        return new View(stats, head, oldest == null ? Long.MIN_VALUE : oldest.maxTimestampMillis());
    }
}
