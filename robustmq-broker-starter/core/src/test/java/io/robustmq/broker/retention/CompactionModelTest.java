/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.storage.memory.MemoryEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories in memory, where a crash is one of the worker alone. */
class CompactionModelTest {
    private static final int SEEDS = Integer.getInteger("compaction.seeds", 20);
    private static final long FIRST_SEED = Long.getLong("compaction.firstSeed", 1);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void nothingIsLostAndNothingTooMuchStays(int keep) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            MemoryEngine engine = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
            try {
                new CompactionModel(seed, () -> engine, keep, () -> {}).run(60);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " with " + keep + " of each key: " + e.getMessage(), e);
            }
        }
    }
}
