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
import io.robustmq.net.TlsCounts;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** The connections, and every limit that was hit. Immutable; reads counters when a registry asks. */
final class NetMetrics implements MeterBinder {
    private final ConnectionLimits limits;
    private final Supplier<TlsCounts> handshakes;

    NetMetrics(ConnectionLimits limits, Supplier<TlsCounts> handshakes) {
        this.limits = limits;
        this.handshakes = handshakes;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "robustmq.net.connections",
                        limits,
                        current -> current.counts().open())
                .description("Open connections of all listeners")
                .register(registry);
        Gauge.builder("robustmq.net.connections.limit", limits, ConnectionLimits::max)
                .description("Connections of all listeners that there may be")
                .register(registry);
        FunctionCounter.builder(
                        "robustmq.net.connections.accepted",
                        limits,
                        current -> current.counts().accepted())
                .description("Connections let in since the start")
                .register(registry);
        refused(registry, "total", Counts::refusedByTotal);
        refused(registry, "address", Counts::refusedByAddress);
        refused(registry, "rate", Counts::refusedByRate);
        refused(registry, "memory", Counts::refusedByMemory);
        refused(registry, "listener", Counts::refusedByListener);
        refused(registry, "proxy-source", Counts::refusedBySource);
        refused(registry, "proxy-header", Counts::refusedByProxyHeader);
        refused(registry, "silence", Counts::closedSilent);
        Gauge.builder(
                        "robustmq.net.tls.handshakes.pending",
                        handshakes,
                        current -> current.get().pending())
                .description("TLS handshakes under way")
                .register(registry);
        handshakes(registry, "done", TlsCounts::done);
        handshakes(registry, "failed", TlsCounts::failed);
        handshakes(registry, "refused", TlsCounts::refused);
    }

    private void handshakes(MeterRegistry registry, String result, ToLongFunction<TlsCounts> value) {
        FunctionCounter.builder("robustmq.net.tls.handshakes", handshakes, current -> value.applyAsLong(current.get()))
                .description("TLS handshakes since the start by how they ended")
                .tag("result", result)
                .register(registry);
    }

    private void refused(MeterRegistry registry, String limit, ToLongFunction<Counts> value) {
        FunctionCounter.builder(
                        "robustmq.net.connections.refused", limits, current -> value.applyAsLong(current.counts()))
                .description("Connections closed since the start by a limit")
                .tag("limit", limit)
                .register(registry);
    }
}
