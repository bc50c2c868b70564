/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import io.robustmq.kernel.Clock;
import io.robustmq.protocol.QuotaPort.Meter;
import java.util.concurrent.atomic.LongAdder;

/** Charges several buckets and waits for the slowest. Thread-safe: immutable, as its buckets are thread-safe. */
final class BucketMeter implements Meter {
    private final Clock clock;
    private final Bucket[] messages;
    private final Bucket[] bytes;
    private final LongAdder paused;

    BucketMeter(Clock clock, Bucket[] messages, Bucket[] bytes, LongAdder paused) {
        this.clock = clock;
        this.messages = messages;
        this.bytes = bytes;
        this.paused = paused;
    }

    @Override
    public long charge(int messageCount, long byteCount) {
        long now = clock.nanos();
        long wait = 0;
        for (Bucket each : messages) {
            wait = Math.max(wait, each.charge(messageCount, now));
        }
        for (Bucket each : bytes) {
            wait = Math.max(wait, each.charge(byteCount, now));
        }
        if (wait > 0) {
            paused.increment();
        }
        return wait;
    }
}
