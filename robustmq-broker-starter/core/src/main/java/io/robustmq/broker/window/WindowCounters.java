/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import java.util.concurrent.atomic.LongAdder;

/** What windows have done since start. Thread-safe. */
public final class WindowCounters {
    public final LongAdder delivered = new LongAdder();
    public final LongAdder redelivered = new LongAdder();
    public final LongAdder dropped = new LongAdder();
    public final LongAdder expired = new LongAdder();
}
