/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many units a second, and those of one second at once. It only keeps the time until which it is used up (a virtual schedule,
 * as in ITU-T I.371's generic cell rate algorithm): who charges waits until then, whatever others charge later. Thread-safe: one
 * number that is compared and set.
 */
final class Bucket {
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** What a single charge costs at most: a message that is larger than that would silence its client for longer. */
    static final long CHARGE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

    private final double nanosPerUnit;
    /** Relative to the bucket's first moment, because the clock's zero is anywhere. */
    private final AtomicLong usedUpTo = new AtomicLong(-BURST_NANOS);

    private final long beganNanos;

    Bucket(long unitsPerSecond, long nowNanos) {
        this.nanosPerUnit = 1e9 / unitsPerSecond;
        this.beganNanos = nowNanos;
    }

    /** Charges in any case; how long to wait before the next charge. */
    long charge(long units, long nowNanos) {
        long now = nowNanos - beganNanos;
        long cost = cost(units);
        while (true) {
            long before = usedUpTo.get();
            long after = Math.max(before, now - BURST_NANOS) + cost;
            if (usedUpTo.compareAndSet(before, after)) {
                return Math.max(0, after - now);
            }
        }
    }

    /** Charges what there is; false, and nothing charged, when there is not so much. */
    boolean tryCharge(long units, long nowNanos) {
        long now = nowNanos - beganNanos;
        long cost = cost(units);
        while (true) {
            long before = usedUpTo.get();
            long after = Math.max(before, now - BURST_NANOS) + cost;
            if (after > now) {
                return false;
            }
            if (usedUpTo.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    /** Whether it is full again, so that a new one would be the same. */
    boolean isFull(long nowNanos) {
        return usedUpTo.get() <= nowNanos - beganNanos - BURST_NANOS;
    }

    private long cost(long units) {
        return Math.min(CHARGE_NANOS_MAX, (long) (units * nanosPerUnit));
    }
}
