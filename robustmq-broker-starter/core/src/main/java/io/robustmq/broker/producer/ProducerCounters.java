/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What idempotent producers have done on this node since start. Thread-safe. */
public final class ProducerCounters {
    /** Of all shards; one that writes to two shards counts twice. */
    public final AtomicInteger known = new AtomicInteger();
    /** Batches that had been appended before, and were answered with their old place. */
    public final LongAdder repeated = new LongAdder();
    /** Batches out of sequence, or of a fenced epoch. */
    public final LongAdder refused = new LongAdder();
    /** Producers that had been silent for the time of expiration. */
    public final LongAdder expired = new LongAdder();
    /** Producers that were forgotten before that because there are too many. */
    public final LongAdder evicted = new LongAdder();

    public final LongAdder snapshots = new LongAdder();
    public final LongAdder snapshotFailures = new LongAdder();
}
