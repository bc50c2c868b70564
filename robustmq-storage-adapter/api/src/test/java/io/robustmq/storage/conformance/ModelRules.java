/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import org.junit.jupiter.api.Test;

/** The engine behaves like a plain list under any history of calls. */
public interface ModelRules extends Rules {

    @Test
    default void theShardBehavesLikeAPlainList() {
        long first = Long.getLong("robustmq.test.seed", 1);
        int seeds = System.getProperty("robustmq.test.seed") == null
                ? bench().fixture().modelSeeds()
                : 1;
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                new ModelRun(bench(), seed).play(40);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        "seed " + seed + " fails; replay it alone with -Drobustmq.test.seed=" + seed + ": "
                                + failure.getMessage(),
                        failure);
            }
        }
    }
}
