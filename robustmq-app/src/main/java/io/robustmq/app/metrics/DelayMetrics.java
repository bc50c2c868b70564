/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.broker.Broker;
import io.robustmq.broker.delay.DelayCounters;
import io.robustmq.broker.delay.DelayedMessages;
import io.robustmq.node.NodeContext;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Messages that wait for their time, in numbers; 0 while there is no broker. Thread-safe: immutable. */
final class DelayMetrics implements MeterBinder {
    private final NodeContext node;

    DelayMetrics(NodeContext node) {
        this.node = node;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("robustmq.delayed.messages", this, self -> self.read(DelayedMessages::count))
                .description("Messages that wait for their time")
                .register(registry);
        Gauge.builder("robustmq.delayed.size", this, self -> self.read(DelayedMessages::bytes))
                .description("Their bytes in the log")
                .baseUnit("bytes")
                .register(registry);
        counter(registry, "accepted", "Messages kept until their time", each -> each.accepted);
        counter(registry, "refused", "Messages refused because too many wait", each -> each.refused);
        counter(registry, "published", "Messages published when they were due", each -> each.published);
        counter(
                registry,
                "recovered",
                "Messages found published after a crash, and not published again",
                each -> each.recovered);
        counter(registry, "expired", "Messages that expired while they waited", each -> each.expired);
        counter(registry, "cancelled", "Messages cancelled by an administrator", each -> each.cancelled);
        counter(registry, "dropped", "Messages that were refused when they were due", each -> each.dropped);
        counter(registry, "retries", "Attempts that failed and were made again", each -> each.retries);
    }

    private void counter(MeterRegistry registry, String name, String text, Function<DelayCounters, LongAdder> which) {
        FunctionCounter.builder(
                        "robustmq.delayed." + name,
                        this,
                        self -> self.read(
                                delayed -> which.apply(delayed.counters()).sum()))
                .description(text)
                .register(registry);
    }

    private double read(ToDoubleFunction<DelayedMessages> value) {
        return node.find(Broker.class)
                .map(broker -> value.applyAsDouble(broker.delayed()))
                .orElse(0.0);
    }
}
