/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.robustmq.storage.conformance.EngineFixture;
import io.robustmq.storage.conformance.ShardEngineConformance;

/** Runs the suite that every engine must pass. */
class MemoryEngineConformanceTest extends ShardEngineConformance {

    @Override
    protected EngineFixture newFixture() {
        return new MemoryFixture();
    }
}
