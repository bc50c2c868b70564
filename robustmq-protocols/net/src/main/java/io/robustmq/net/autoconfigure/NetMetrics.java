/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.net.ConnectionLimits;
import io.robustmq.net.ConnectionLimits.Counts;
import java.util.function.ToLongFunction;

/** The connections, and every limit that was hit. Immutable; reads counters when a registry asks. */
final class NetMetrics implements MeterBinder {
    private final ConnectionLimits limits;

    NetMetrics(ConnectionLimits limits) {
        this.limits = limits;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "robustmq.net.connections",
                        limits,
                        current -> current.counts().open())
                .description("Open connections of all listeners")
                .baseUnit("connections")
                .register(registry);
        counter(registry, "robustmq.net.connections.accepted", "none", Counts::accepted);
        counter(registry, "robustmq.net.connections.refused", "total", Counts::refusedByTotal);
        counter(registry, "robustmq.net.connections.refused", "address", Counts::refusedByAddress);
        counter(registry, "robustmq.net.connections.refused", "rate", Counts::refusedByRate);
        counter(registry, "robustmq.net.connections.refused", "memory", Counts::refusedByMemory);
        counter(registry, "robustmq.net.connections.refused", "silence", Counts::closedSilent);
    }

    private void counter(MeterRegistry registry, String name, String limit, ToLongFunction<Counts> value) {
        FunctionCounter.builder(name, limits, current -> value.applyAsLong(current.counts()))
                .description("Connections since the start, by the limit that they met")
                .tag("limit", limit)
                .baseUnit("connections")
                .register(registry);
    }
}
