/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.producer.ProducerCounters;
import java.util.concurrent.atomic.LongAdder;

/** What the broker core has done since start. Thread-safe. */
public final class Counters {
    public final LongAdder publishes = new LongAdder();
    public final LongAdder publishesRefused = new LongAdder();
    public final LongAdder runs = new LongAdder();
    public final LongAdder batches = new LongAdder();
    public final LongAdder records = new LongAdder();
    public final LongAdder bytes = new LongAdder();
    public final LongAdder appendFailures = new LongAdder();
    public final LongAdder capturesShed = new LongAdder();
    public final LongAdder offered = new LongAdder();
    public final LongAdder routesComputed = new LongAdder();
    public final ProducerCounters producers = new ProducerCounters();
}
