/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.robustmq.kernel.RmqError;

/**
 * Limits that hold whatever the topics say. Immutable.
 *
 * @param maxTotalBytes chunks of all shards together; when one needs more, the shard with the most gives up its oldest batches first
 * @param maxStateBytesPerShard bytes of derived state that one shard may keep
 * @param maxPinsPerShard names that may pin one shard
 */
public record MemoryEngineConfig(long maxTotalBytes, int maxStateBytesPerShard, int maxPinsPerShard) {
    private static final int DEFAULT_STATE_BYTES = 16 * 1024 * 1024;
    private static final int DEFAULT_PINS = 4096;

    public MemoryEngineConfig {
        if (maxTotalBytes < 1 || maxStateBytesPerShard < 1 || maxPinsPerShard < 1) {
            throw RmqError.INVALID_CONFIG.exception("the memory engine's limits must be positive");
        }
    }

    /** The defaults with another total. */
    public static MemoryEngineConfig ofTotalBytes(long maxTotalBytes) {
        return new MemoryEngineConfig(maxTotalBytes, DEFAULT_STATE_BYTES, DEFAULT_PINS);
    }

    /** Half of what the JVM grants to direct buffers when nothing else is said, which is the size of its heap. */
    public static MemoryEngineConfig defaults() {
        return ofTotalBytes(Runtime.getRuntime().maxMemory() / 2);
    }
}
