/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Streams live random lives beside a plain list. {@code -Dsegments.seed=N} plays one life alone. */
class StreamSegmentsModelTest {
    private static final int SEEDS = 80;
    private static final int STEPS = 120;

    @Test
    void behavesAsAPlainList() {
        Long only = Long.getLong("segments.seed");
        int crashes = 0;
        int replacements = 0;
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            ModelRun run = new ModelRun(seed);
            try {
                run.run(STEPS);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("replay it with -Dsegments.seed=" + seed + "; last steps: " + run.trace, e);
            }
            crashes += run.crashes;
            replacements += run.replacements;
        }
        assertThat(crashes).as("crashes over all lives").isPositive();
        assertThat(replacements).as("replacements over all lives").isPositive();
    }
}
