/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import java.util.concurrent.atomic.AtomicLong;

/** How much waits in all partitions, and how much is about to. Thread-safe. */
final class Totals {
    private volatile DelayConfig config;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong countUnderWay = new AtomicLong();
    private final AtomicLong bytesUnderWay = new AtomicLong();

    Totals(DelayConfig config) {
        this.config = config;
    }

    void limit(DelayConfig changed) {
        config = changed;
    }

    void add(int sizeBytes) {
        count.incrementAndGet();
        bytes.addAndGet(sizeBytes);
    }

    void remove(int sizeBytes) {
        count.decrementAndGet();
        bytes.addAndGet(-sizeBytes);
    }

    /** Makes room for one that is about to be kept; false when there is none. */
    boolean admit(int sizeBytes) {
        long countWanted = countUnderWay.incrementAndGet() + count.get();
        long bytesWanted = bytesUnderWay.addAndGet(sizeBytes) + bytes.get();
        DelayConfig limits = config;
        if (countWanted > limits.countMax() || bytesWanted > limits.bytesMax()) {
            settle(sizeBytes);
            return false;
        }
        return true;
    }

    /** It is kept and counted, or it has failed. */
    void settle(int sizeBytes) {
        countUnderWay.decrementAndGet();
        bytesUnderWay.addAndGet(-sizeBytes);
    }

    long count() {
        return count.get();
    }

    long bytes() {
        return bytes.get();
    }
}
