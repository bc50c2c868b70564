/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.robustmq.kernel.Clock;

/**
 * The virtual time of a {@link SimScheduler}, as one node sees it: each node may have its own idea of the wall clock. The
 * monotonic origin is random, so that code which compares readings instead of differences fails. Confined to the thread
 * of the simulation.
 */
public final class SimClock implements Clock {
    private static final long START_MILLIS = 1_700_000_000_000L;

    private final SimScheduler scheduler;
    private final long originNanos;
    private long wallOffsetMillis = START_MILLIS;

    SimClock(SimScheduler scheduler, long originNanos) {
        this.scheduler = scheduler;
        this.originNanos = originNanos;
    }

    @Override
    public long millis() {
        return wallOffsetMillis + scheduler.localNanos() / 1_000_000;
    }

    @Override
    public long nanos() {
        return originNanos + scheduler.localNanos();
    }

    /** The operator sets this node's wall clock, forward or back; its timers do not notice. */
    public void stepWallClock(long millis) {
        wallOffsetMillis += millis;
    }
}
