/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import java.util.concurrent.atomic.LongAdder;

/** What retention has done since start. Thread-safe. */
public final class RetentionCounters {
    /** Bytes that compaction has read, each phase of a pass for itself. */
    public final LongAdder compactionBytesRead = new LongAdder();

    public final LongAdder compactionBytesWritten = new LongAdder();
    public final LongAdder compactionBytesFreed = new LongAdder();
    public final LongAdder compactionPasses = new LongAdder();
    public final LongAdder recordsRemoved = new LongAdder();
    public final LongAdder compactionFailures = new LongAdder();
    /** Records dropped because everybody who held them has confirmed them, or nobody was interested. */
    public final LongAdder recordsConfirmed = new LongAdder();
    /** Records that went although somebody held them: the hold was over its limits, or the engine had no more room. */
    public final LongAdder recordsOverrun = new LongAdder();
}
