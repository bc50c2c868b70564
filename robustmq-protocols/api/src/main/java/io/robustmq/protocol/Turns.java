/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;

/** The {@link Turn} of each loop. Immutable. */
public final class Turns {
    private final Turn[] turns;

    public Turns(LoopGroup loops) {
        turns = new Turn[loops.size()];
        for (int i = 0; i < turns.length; i++) {
            turns[i] = new Turn(loops.get(i));
        }
    }

    public Turn of(Loop loop) {
        return turns[loop.index()];
    }
}
