/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import java.util.concurrent.atomic.LongAdder;

/** What the limits of the engine have cost so far. Thread-safe. */
final class MemoryCounters {
    /** Batches that retention has dropped. */
    final LongAdder evictedBatches = new LongAdder();
    /** Batches dropped before their time because the engine's total was reached. */
    final LongAdder pressureEvictedBatches = new LongAdder();
    /** Pins that retention had to run over. */
    final LongAdder overrunPins = new LongAdder();
    /** Appends refused for lack of memory. */
    final LongAdder refusedAppends = new LongAdder();
}
