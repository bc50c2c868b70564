/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

/** Messages that were lost, came twice, or out of order. Confined to its caller. */
final class Faults {
    private long lost;
    private long duplicated;
    private long reordered;

    void add(long moreLost, long moreDuplicated, long moreReordered) {
        lost += moreLost;
        duplicated += moreDuplicated;
        reordered += moreReordered;
    }

    long lost() {
        return lost;
    }

    long duplicated() {
        return duplicated;
    }

    long reordered() {
        return reordered;
    }
}
