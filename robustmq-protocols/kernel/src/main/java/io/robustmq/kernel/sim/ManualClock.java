/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.robustmq.kernel.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told to move. Thread-safe. */
public final class ManualClock implements Clock {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong wallOffsetMillis;

    public ManualClock() {
        this(1_700_000_000_000L);
    }

    public ManualClock(long startMillis) {
        this.wallOffsetMillis = new AtomicLong(startMillis);
    }

    @Override
    public long millis() {
        return wallOffsetMillis.get() + nanos.get() / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    /** Time passes on both clocks. */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards: " + duration);
        }
        nanos.addAndGet(duration.toNanos());
    }

    public void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    /** The operator sets the wall clock, forward or back; the monotonic clock does not notice. */
    public void stepWallClock(long millis) {
        wallOffsetMillis.addAndGet(millis);
    }
}
