/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.support.BatchCheck;
import io.robustmq.storage.support.EpochHistory;
import io.robustmq.storage.support.Pins;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shard's data and rules; outlives the stores through which it is written. Everything that changes it takes its lock,
 * which only the owner's loop takes often; reading takes none (see {@link Ring}).
 */
final class MemoryShard {
    static final long NO_MEMORY = -1;

    private final ChunkSource source;
    private final MemoryCounters counters;
    private final Ring ring;
    private final EpochHistory epochs = new EpochHistory();
    private final ShardStates states;
    private final Pins pins;
    private ShardConfig config;
    private @Nullable MemoryStore current;
    private int highestEpoch = -1;
    private volatile boolean destroyed;

    MemoryShard(ChunkSource source, MemoryEngineConfig limits, MemoryCounters counters, ShardConfig config) {
        this.source = source;
        this.counters = counters;
        this.config = config;
        ring = new Ring(source);
        states = new ShardStates(source, limits.maxStateBytesPerShard());
        pins = new Pins(limits.maxPinsPerShard());
    }

    static void check(ShardConfig config) {
        if (config.retentionBytes() < 0 && !config.compacted()) {
            throw RmqError.INVALID_CONFIG.exception(
                    "the memory engine needs a limit in bytes (retention.bytes): memory is never unlimited");
        }
    }

    /** Makes the store the only one that may change the shard. */
    synchronized void open(MemoryStore store, ShardConfig newConfig) {
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
        pins.clear();
        epochs.trim(ring.startOffset());
        epochs.begin(highestEpoch, ring.endOffset());
    }

    synchronized void close(MemoryStore store) {
        if (current == store) {
            current = null;
            pins.clear();
        }
    }

    synchronized void destroy() {
        // Before the ring is cleared: a reader that finds it empty looks here, whichever store it came through.
        destroyed = true;
        if (current != null) {
            current.markClosed();
            current = null;
        }
        ring.clear();
        states.clear();
        pins.clear();
    }

    private void checkCurrent(MemoryStore store) {
        if (store.isClosed() || destroyed) {
            throw RmqError.CLOSED.exception("the store is closed");
        }
        if (current != store) {
            throw RmqError.FENCED.exception(
                    "epoch " + store.epoch() + " was fenced by epoch " + highestEpoch + "; drop the shard");
        }
    }

    // --- append

    /** Answers with the base offset, or {@link #NO_MEMORY} when all shards together have used up the engine's total. */
    synchronized long append(MemoryStore store, RecordBatch batch) {
        checkCurrent(store);
        BatchCheck.append(batch, config.maxBatchBytes());
        long limitBytes = config.retentionBytes();
        if (config.compacted() && limitBytes >= 0 && ring.bytes() + batch.sizeBytes() > limitBytes) {
            throw refused("a compacted shard in memory may hold " + limitBytes + " bytes and is full");
        }
        long base = ring.endOffset();
        if (!ring.append(batch, store.epoch(), limitBytes)) {
            return NO_MEMORY;
        }
        retain(Long.MIN_VALUE);
        return base;
    }

    /** What is answered when nobody has anything to give up. */
    RmqException refused(String message) {
        counters.refusedAppends.increment();
        return RmqError.STORAGE_FULL.exception(message);
    }

    // --- retention

    /** Drops what is beyond the limits and not pinned; the time counts only where it is given. */
    private void retain(long nowMillis) {
        if (config.compacted()) {
            return;
        }
        int evicted = 0;
        while (ring.batches() > 0 && isHeadOverLimit(nowMillis) && !isHeadPinned()) {
            ring.evictHead();
            evicted++;
        }
        long limitRecords = config.retentionRecords();
        if (limitRecords >= 0 && ring.records() > limitRecords && ring.headIsDense()) {
            long start = ring.headBaseOffset() + ring.records() - limitRecords;
            ring.raiseStart(Math.min(Math.min(start, ring.headLastOffset()), pins.lowest()));
        }
        if (evicted > 0) {
            counters.evictedBatches.add(evicted);
            counters.overrunPins.add(pins.overrunBy(ring.startOffset()));
        }
    }

    private boolean isHeadOverLimit(long nowMillis) {
        if (ring.batches() > 1) {
            if (ring.bytes() > config.retentionBytes()) {
                return true;
            }
            long limitRecords = config.retentionRecords();
            if (limitRecords >= 0 && ring.records() - ring.headRecords() >= limitRecords) {
                return true;
            }
        }
        return nowMillis != Long.MIN_VALUE && isHeadExpired(nowMillis);
    }

    private boolean isHeadExpired(long nowMillis) {
        long timestamp = ring.headMaxTimestamp();
        return config.retentionMillis() >= 0 && timestamp >= 0 && timestamp < nowMillis - config.retentionMillis();
    }

    /** A pin may hold twice the limit; then it is overrun. */
    private boolean isHeadPinned() {
        return ring.headLastOffset() >= pins.lowest() && ring.bytes() / 2 <= config.retentionBytes();
    }

    /**
     * Bytes of which this shard can give up the oldest when the engine's total is reached; 0 when it cannot.
     *
     * @param pinned whether to count what is pinned, too
     */
    synchronized long bytesToGive(boolean pinned) {
        boolean can = !config.compacted() && ring.batches() > 0 && (pinned || ring.headLastOffset() < pins.lowest());
        return can ? ring.bytes() : 0;
    }

    /** The engine's total is reached, and this shard has the most: its oldest chunk goes. */
    synchronized void giveUpHeadChunk() {
        int chunks = ring.chunkCount();
        int evicted = 0;
        while (ring.batches() > 0 && ring.chunkCount() == chunks) {
            ring.evictHead();
            evicted++;
        }
        counters.pressureEvictedBatches.add(evicted);
        counters.overrunPins.add(pins.overrunBy(ring.startOffset()));
    }

    /** Drops what is too old; answers how long until it is worth looking again, -1 when nothing can expire. */
    synchronized long expire(MemoryStore store, long nowMillis) {
        if (current != store || config.compacted() || config.retentionMillis() < 0) {
            return -1;
        }
        retain(nowMillis);
        return ring.batches() == 0 ? -1 : delayToExpiry(nowMillis);
    }

    synchronized long delayToExpiry(MemoryStore store, long nowMillis) {
        boolean expires = current == store && !config.compacted() && config.retentionMillis() >= 0;
        return !expires || ring.batches() == 0 ? -1 : delayToExpiry(nowMillis);
    }

    private long delayToExpiry(long nowMillis) {
        long retention = config.retentionMillis();
        long shortest = Math.max(100, Math.min(30_000, retention / 20));
        long timestamp = Math.max(0, Math.min(ring.headMaxTimestamp(), nowMillis));
        return Math.max(shortest, timestamp + 1 - nowMillis + retention);
    }

    // --- the owner's other calls

    synchronized long deletePrefix(MemoryStore store, long newStartOffset) {
        checkCurrent(store);
        long start = Math.min(newStartOffset, ring.endOffset());
        while (ring.batches() > 0 && ring.headLastOffset() < start) {
            ring.evictHead();
        }
        ring.raiseStart(start);
        return ring.startOffset();
    }

    synchronized void replace(MemoryStore store, OffsetRange range, List<RecordBatch> compacted) {
        checkCurrent(store);
        BatchCheck.replace(range, compacted, ring.endOffset(), config.maxBatchBytes());
        if (!ring.replace(range, compacted)) {
            throw refused("no memory is left to rewrite the range");
        }
    }

    synchronized void putState(MemoryStore store, String name, long offset, ByteBuf borrowed) {
        checkCurrent(store);
        states.put(name, offset, borrowed);
    }

    synchronized StateSnapshot getState(MemoryStore store, String name) {
        checkCurrent(store);
        return states.get(name);
    }

    /** Pins of a store that is over have no meaning, so they are ignored. */
    synchronized void pin(MemoryStore store, String name, long offset) {
        if (current == store) {
            pins.pin(name, offset);
            retain(Long.MIN_VALUE);
        }
    }

    synchronized void unpin(MemoryStore store, String name) {
        if (current == store) {
            pins.unpin(name);
            retain(Long.MIN_VALUE);
        }
    }

    synchronized void update(MemoryStore store, ShardConfig newConfig, long nowMillis) {
        checkCurrent(store);
        check(newConfig);
        config = newConfig;
        retain(nowMillis);
    }

    synchronized ShardStats stats() {
        long start = ring.startOffset();
        long end = ring.endOffset();
        return new ShardStats(start, end, end, ring.bytes(), ring.chunkCount(), epochs.ends(start, end));
    }

    synchronized long bytes() {
        return ring.bytes();
    }

    /** See {@link Ring#firstBatch}; the bytes are the caller's. */
    synchronized @Nullable ByteBuf firstBatch(MemoryStore store, long aboveOffset, long minTimestampMillis) {
        checkCurrent(store);
        return ring.firstBatch(Math.max(aboveOffset, ring.startOffset()), minTimestampMillis);
    }

    synchronized long maxTimestampMillis(MemoryStore store) {
        checkCurrent(store);
        return ring.maxTimestampMillis();
    }

    // --- any thread, no lock

    boolean isDestroyed() {
        return destroyed;
    }

    Ring ring() {
        return ring;
    }
}
