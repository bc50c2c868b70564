/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.conformance.EngineFixture;
import io.robustmq.storage.conformance.ShardEngineConformance;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The suite over a broken engine; only {@link ConformanceSuiteTest} runs it, and expects it to fail. */
class BrokenConformance extends ShardEngineConformance {
    static volatile @Nullable Defect defect;

    @Override
    protected EngineFixture newFixture() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
        return new EngineFixture() {
            @Override
            public ShardEngine start() {
                return new BrokenEngine(new MemoryEngine(allocator), defect);
            }

            @Override
            public ShardEngine crashAndReopen() {
                return start();
            }

            @Override
            public long heldBytes() {
                return allocator.metric().usedDirectMemory();
            }

            @Override
            public Duration deadline() {
                return Duration.ofMillis(100);
            }

            @Override
            public int modelSeeds() {
                return 20;
            }
        };
    }
}
