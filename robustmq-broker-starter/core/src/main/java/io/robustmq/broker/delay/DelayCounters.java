/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import java.util.concurrent.atomic.LongAdder;

/** What became of delayed messages. Thread-safe. */
public final class DelayCounters {
    public final LongAdder accepted = new LongAdder();
    /** Refused because too many wait. */
    public final LongAdder refused = new LongAdder();

    public final LongAdder published = new LongAdder();
    /** Found in the log after a restart: not published again. */
    public final LongAdder recovered = new LongAdder();

    public final LongAdder expired = new LongAdder();
    public final LongAdder cancelled = new LongAdder();
    /** Refused for good when due: access, size, or a topic that does not take them any more. */
    public final LongAdder dropped = new LongAdder();
    /** Attempts that failed and are made again. */
    public final LongAdder retries = new LongAdder();
}
