/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tracing;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.LongAdder;

/** What has become of spans; 0 while tracing is off. Thread-safe. */
final class TracingCounters implements MeterBinder {
    final LongAdder exported = new LongAdder();
    final LongAdder droppedQueueFull = new LongAdder();
    final LongAdder droppedNotSent = new LongAdder();

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("robustmq.tracing.spans.exported", exported, LongAdder::sum)
                .description("Spans that the collector has taken")
                .register(registry);
        dropped(registry, "queue-full", droppedQueueFull);
        dropped(registry, "not-sent", droppedNotSent);
    }

    private static void dropped(MeterRegistry registry, String reason, LongAdder count) {
        FunctionCounter.builder("robustmq.tracing.spans.dropped", count, LongAdder::sum)
                .description("Spans lost, by why")
                .tag("reason", reason)
                .register(registry);
    }
}
