/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.robustmq.kernel.LoopGroup;
import org.jspecify.annotations.Nullable;

/** The loops of one simulated node, with the node's own wall clock. Confined to the thread of the simulation. */
public final class SimLoopGroup implements LoopGroup {
    private final SimScheduler scheduler;
    private final String namePrefix;
    private final SimClock clock;
    private final SimLoop[] loops;

    SimLoopGroup(SimScheduler scheduler, String namePrefix, SimClock clock, int firstNumber, int size) {
        this.scheduler = scheduler;
        this.namePrefix = namePrefix;
        this.clock = clock;
        this.loops = new SimLoop[size];
        for (int i = 0; i < size; i++) {
            loops[i] = new SimLoop(scheduler, this, firstNumber + i, i);
        }
    }

    @Override
    public int size() {
        return loops.length;
    }

    @Override
    public SimLoop get(int index) {
        return loops[index];
    }

    @Override
    public @Nullable SimLoop current() {
        SimLoop running = scheduler.running();
        return running != null && running.group() == this ? running : null;
    }

    public SimClock clock() {
        return clock;
    }

    /** The node dies: what is queued never runs, timers neither, and every further task is refused. */
    public void stop() {
        for (SimLoop loop : loops) {
            loop.stop();
        }
        scheduler.forget(this);
    }

    String namePrefix() {
        return namePrefix;
    }
}
