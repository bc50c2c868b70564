/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.conformance.OwnerContest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Contending owners on simulated loops: every seed is another order of their turns, and can be replayed alone. */
class MemoryEngineSimulationTest {

    @Test
    void atMostOneOwnerAcknowledges() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        for (long seed = 1; seed <= 50; seed++) {
            SimScheduler scheduler = new SimScheduler(seed);
            MemoryEngine engine = new MemoryEngine(allocator);
            CompletableFuture<Void> outcome = new OwnerContest(engine, scheduler.loops("owner", 4), seed, 20).start();
            scheduler.runUntilQuiet();
            assertThat(outcome).as("seed " + seed).isCompleted();
            engine.close();
            assertThat(allocator.metric().usedDirectMemory()).as("seed " + seed).isZero();
        }
    }
}
