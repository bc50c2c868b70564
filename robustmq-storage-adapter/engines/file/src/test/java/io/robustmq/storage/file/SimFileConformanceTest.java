/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.storage.conformance.EngineFixture;
import io.robustmq.storage.conformance.ShardEngineConformance;

/** Runs the suite that every engine must pass, on a disk that loses what was not forced. */
class SimFileConformanceTest extends ShardEngineConformance {

    @Override
    protected EngineFixture newFixture() {
        return new SimFileFixture();
    }
}
