/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.contract.LoopContract;
import java.util.function.BooleanSupplier;

class SimLoopTest extends LoopContract {
    private final SimScheduler scheduler = new SimScheduler(1);
    private final SimLoopGroup loops = scheduler.loops("sim", 2);

    @Override
    protected LoopGroup group() {
        return loops;
    }

    @Override
    protected void await(BooleanSupplier condition) {
        assertThat(scheduler.runUntil(condition, 20_000)).isTrue();
    }
}
