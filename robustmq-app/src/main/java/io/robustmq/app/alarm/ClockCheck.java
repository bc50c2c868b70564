/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.kernel.Clock;
import java.util.List;
import java.util.Map;

/** Whether the wall clock was set: expiry, retention and delays follow it. Confined to the loop of the alarms. */
final class ClockCheck implements AlarmCheck {
    private static final long JUMP_MILLIS = 2_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Clock clock;
    private long wallMillis;
    private long nanos;

    ClockCheck(Clock clock) {
        this.clock = clock;
        this.wallMillis = clock.millis();
        this.nanos = clock.nanos();
    }

    @Override
    public List<Finding> look() {
        long wallNow = clock.millis();
        long nanosNow = clock.nanos();
        long jump = wallNow - wallMillis - (nanosNow - nanos) / NANOS_PER_MILLI;
        wallMillis = wallNow;
        nanos = nanosNow;
        return Math.abs(jump) < JUMP_MILLIS
                ? List.of()
                : List.of(Finding.bad(
                        AlarmKind.CLOCK_JUMPED,
                        "",
                        "The wall clock jumped by " + jump
                                + " ms. Messages expire, are delayed and retained by it: let the clock be slewed (chrony, ntpd), not set.",
                        Map.of("jumpMillis", jump)));
    }
}
