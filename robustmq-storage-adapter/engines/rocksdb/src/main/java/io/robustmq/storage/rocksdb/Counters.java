/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import java.util.concurrent.atomic.LongAdder;

/** What the engine has done so far. Thread-safe. */
final class Counters {
    /** Writes of a group of changes. */
    final LongAdder groups = new LongAdder();
    /** Batches acknowledged. */
    final LongAdder appends = new LongAdder();
    /** Batches that retention has dropped. */
    final LongAdder evictedBatches = new LongAdder();
    /** Pins that retention had to run over. */
    final LongAdder overrunPins = new LongAdder();
    /** Appends refused because the disk is nearly full or the writer is behind. */
    final LongAdder refusedAppends = new LongAdder();
    /** Of these, those that the disk's state refused. */
    final LongAdder refusedByDisk = new LongAdder();
    /** Reads that found a damaged batch. */
    final LongAdder corruptReads = new LongAdder();
    /** Bytes of batches deleted from the disk. */
    final LongAdder clearedBytes = new LongAdder();
    /** Times that tables were rewritten to give space back. */
    final LongAdder compactions = new LongAdder();
}
