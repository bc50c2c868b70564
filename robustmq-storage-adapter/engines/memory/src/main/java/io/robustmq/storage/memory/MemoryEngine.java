/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.Capability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps shards in this process's memory: a bounded ring of batches each. An append is copied once, committed at once and
 * acknowledged before it returns, whatever durability was asked for; a read hands out the ring's own bytes. A closed store
 * leaves the shard's data here, a new process starts with nothing. Thread-safe.
 */
public final class MemoryEngine implements ShardEngine {
    private final MemoryEngineConfig config;
    private final ChunkSource source;
    private final MemoryCounters counters = new MemoryCounters();
    private final Map<ShardId, MemoryShard> shards = new ConcurrentHashMap<>();
    private final Pressure pressure = new Pressure(shards.values());
    private boolean closed;

    public MemoryEngine(ByteBufAllocator allocator, MemoryEngineConfig config) {
        this.config = config;
        source = new ChunkSource(allocator, config.maxTotalBytes());
    }

    public MemoryEngine(ByteBufAllocator allocator) {
        this(allocator, MemoryEngineConfig.defaults());
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.ZERO_COPY_READ);
    }

    @Override
    public synchronized CompletionStage<ShardStore> open(
            ShardId shard, ShardConfig shardConfig, int epoch, Loop owner) {
        try {
            if (closed) {
                throw RmqError.CLOSED.exception("the memory engine is closed");
            }
            if (epoch < 0) {
                throw RmqError.INVALID_REQUEST.exception("an epoch is 0 or more, not " + epoch);
            }
            MemoryShard.check(shardConfig);
            MemoryShard data =
                    shards.computeIfAbsent(shard, id -> new MemoryShard(source, config, counters, shardConfig));
            MemoryStore store = new MemoryStore(data, pressure, shardConfig, epoch, owner);
            data.open(store, shardConfig);
            if (store.highWatermark() > 0) {
                // What the last owner left grows old even if nothing is appended any more.
                owner.execute(store::armExpiry);
            }
            return CompletableFuture.completedFuture(store);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public synchronized CompletionStage<Void> destroy(ShardId shard) {
        MemoryShard data = shards.remove(shard);
        if (data != null) {
            data.destroy();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void close() {
        closed = true;
        shards.values().forEach(MemoryShard::destroy);
        shards.clear();
    }

    // --- metrics

    /** Memory held by all shards, evicted batches of a shard's oldest chunk and the room in its youngest included. */
    public long totalBytes() {
        return source.totalBytes();
    }

    public long maxTotalBytes() {
        return config.maxTotalBytes();
    }

    /** Bytes of batches that can be read. */
    public long liveBytes() {
        return shards.values().stream().mapToLong(MemoryShard::bytes).sum();
    }

    public int shards() {
        return shards.size();
    }

    /** Batches that retention by bytes, records or time has dropped. */
    public long evictedBatches() {
        return counters.evictedBatches.sum();
    }

    /** Batches dropped before their time because all shards together reached {@link #maxTotalBytes}. */
    public long pressureEvictedBatches() {
        return counters.pressureEvictedBatches.sum();
    }

    /** Pins that held more than twice the limit and lost records that they asked to keep. */
    public long overrunPins() {
        return counters.overrunPins.sum();
    }

    /** Appends and rewrites refused for lack of memory. */
    public long refusedAppends() {
        return counters.refusedAppends.sum();
    }
}
