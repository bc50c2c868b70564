/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers on other loops beside the appending owner: one sequence for all (I3), watermarks that never go back (I4). */
public interface ConcurrencyRules extends Rules {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    default void everyReaderSeesTheSameSequence(long seed) throws Exception {
        try (ConcurrentRun run = new ConcurrentRun(bench().engine(), seed, 1 << 26)) {
            run.play(1500);
        }
    }

    /** What falls out under a reader is an answer OUT_OF_RANGE and never a silent gap. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {5, 6, 7, 8})
    default void aReaderThatIsOvertakenByRetentionIsTold(long seed) throws Exception {
        try (ConcurrentRun run = new ConcurrentRun(bench().engine(), seed, 8_000)) {
            run.play(1500);
        }
    }
}
