/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the coordinators of one kind have done since start. Thread-safe. */
public final class CoordinatorMetrics {
    /** Commands that wait for their answer now. */
    public final LongAdder pending = new LongAdder();

    public final LongAdder commands = new LongAdder();
    /** Commands refused because too many wait. */
    public final LongAdder overloaded = new LongAdder();

    public final LongAdder records = new LongAdder();
    public final LongAdder appends = new LongAdder();
    public final LongAdder appendFailures = new LongAdder();
    /** Loads after a tenure that failed. */
    public final LongAdder reloads = new LongAdder();

    public final LongAdder loadFailures = new LongAdder();
    public final LongAdder snapshots = new LongAdder();
    public final LongAdder snapshotFailures = new LongAdder();
    /** How long the longest of the last loads took. */
    public final AtomicLong loadNanos = new AtomicLong();

    public final LongAdder replayedRecords = new LongAdder();
}
