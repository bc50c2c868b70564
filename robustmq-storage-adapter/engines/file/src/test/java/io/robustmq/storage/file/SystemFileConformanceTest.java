/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.storage.conformance.EngineFixture;
import io.robustmq.storage.conformance.ShardEngineConformance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Runs the suite that every engine must pass, on the machine's disk. */
class SystemFileConformanceTest extends ShardEngineConformance {
    @TempDir
    Path directory;

    @Override
    protected EngineFixture newFixture() {
        return new SystemFileFixture(directory);
    }
}
