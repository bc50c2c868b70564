/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.conformance.EngineFixture;

/** A memory engine over an allocator that knows what it has handed out. */
final class MemoryFixture implements EngineFixture {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    @Override
    public ShardEngine start() {
        return new MemoryEngine(allocator);
    }

    @Override
    public long heldBytes() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }
}
