/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.broker.access.AccessControl;
import io.robustmq.broker.access.SourceCounters;
import io.robustmq.protocol.AccessPort;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whom the node asks about log-ins, and what they say. Thread-safe: immutable. */
public final class SourceMetrics implements MeterBinder {
    private final Supplier<@Nullable AccessPort> access;

    SourceMetrics(Supplier<@Nullable AccessPort> access) {
        this.access = access;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        List<AccessControl.Source> sources =
                access.get() instanceof AccessControl control ? control.sources() : List.of();
        sources.forEach(source -> bind(registry, source));
    }

    private static void bind(MeterRegistry registry, AccessControl.Source source) {
        SourceCounters counters = source.counters();
        String name = source.name();
        counter(registry, "asked", "Log-ins that came to a source of users", name, null, counters.asked);
        String answers = "What sources of users have said: they know the user and the password, only the user, not even"
                + " that, or could not tell";
        counter(registry, "answers", answers, name, "accepted", counters.accepted);
        counter(registry, "answers", answers, name, "refused", counters.refused);
        counter(registry, "answers", answers, name, "unknown", counters.unknown);
        counter(registry, "answers", answers, name, "failed", counters.failed);
        counter(registry, "late", "Log-ins that a source did not answer in time", name, null, counters.late);
        counter(
                registry,
                "shed",
                "Log-ins that a source was not asked about, because it had too much to do or kept failing",
                name,
                null,
                counters.shed);
        FunctionTimer.builder(
                        "robustmq.access.source.time",
                        counters,
                        SourceCounters::answers,
                        SourceCounters::nanos,
                        TimeUnit.NANOSECONDS)
                .description("How long sources of users took to answer")
                .tag("source", name)
                .register(registry);
        Gauge.builder("robustmq.access.source.resting", () -> source.resting().getAsBoolean() ? 1 : 0)
                .description("1 for a source that keeps failing and is asked now and then only")
                .tag("source", name)
                .strongReference(true)
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            String what,
            String text,
            String source,
            @Nullable String outcome,
            LongAdder count) {
        FunctionCounter.Builder<LongAdder> counter = FunctionCounter.builder(
                        "robustmq.access.source." + what, count, LongAdder::sum)
                .description(text)
                .tag("source", source);
        if (outcome != null) {
            counter.tag("outcome", outcome);
        }
        counter.register(registry);
    }
}
