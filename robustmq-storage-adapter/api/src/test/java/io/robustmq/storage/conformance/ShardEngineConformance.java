/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The whole suite: an engine extends it once. Each rule is a test of its own in the interfaces, grouped by what they are
 * about; a rule that an engine's capabilities do not promise is asserted the other way round or skipped.
 */
public abstract class ShardEngineConformance
        implements AppendRules,
                ReadRules,
                SliceRules,
                RewriteRules,
                LookupRules,
                RetentionRules,
                LifecycleRules,
                CrashRules,
                ModelRules,
                ConcurrencyRules {
    private ConformanceBench bench;

    /** A fresh place for an engine. */
    protected abstract EngineFixture newFixture();

    @BeforeEach
    final void startEngine() {
        bench = new ConformanceBench(newFixture());
    }

    @AfterEach
    final void proveNothingIsLeft() {
        bench.close();
    }

    @Override
    public final ConformanceBench bench() {
        return bench;
    }
}
