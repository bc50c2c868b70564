/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.RmqError;

/**
 * Limits that hold whatever the topics say. Immutable.
 *
 * @param cacheBytes native memory for blocks, indexes and write buffers of all shards together
 * @param minFreeBytes what must stay free on the disk; below it appends are refused before the disk is full
 * @param maxQueuedBytes appends that wait for the writer; beyond it they are refused as OVERLOADED
 * @param maxPinsPerShard names that may pin one shard
 * @param statistics whether RocksDB counts what it does, which costs a little
 */
public record RocksDbEngineConfig(
        long cacheBytes, long minFreeBytes, long maxQueuedBytes, int maxPinsPerShard, boolean statistics) {

    public RocksDbEngineConfig {
        if (cacheBytes < 1 << 20 || minFreeBytes < 0 || maxQueuedBytes < 1 || maxPinsPerShard < 1) {
            throw RmqError.INVALID_CONFIG.exception("the rocksdb engine's limits must be positive");
        }
    }

    public static RocksDbEngineConfig defaults() {
        return new RocksDbEngineConfig(32L << 20, 64L << 20, 64L << 20, 4096, false);
    }

    public RocksDbEngineConfig withMinFreeBytes(long bytes) {
        return new RocksDbEngineConfig(cacheBytes, bytes, maxQueuedBytes, maxPinsPerShard, statistics);
    }
}
