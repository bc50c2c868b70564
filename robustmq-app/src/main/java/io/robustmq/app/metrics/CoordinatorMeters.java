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
import io.robustmq.broker.coordinator.CoordinatorMetrics;
import io.robustmq.broker.retained.RetainedMessages;
import io.robustmq.node.NodeContext;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The broker's coordinators in numbers; 0 while there is no broker. Thread-safe. */
public final class CoordinatorMeters implements MeterBinder {
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    private final NodeContext node;

    CoordinatorMeters(NodeContext node) {
        this.node = node;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "commands.pending",
                null,
                "Commands that wait",
                m -> m.metrics().pending.sum());
        counter(registry, "commands", "Commands taken", metrics -> metrics.commands);
        counter(registry, "commands.refused", "Commands refused: too many wait", metrics -> metrics.overloaded);
        counter(registry, "records", "Changes appended", metrics -> metrics.records);
        counter(registry, "appends", "Appends, each of many changes", metrics -> metrics.appends);
        counter(registry, "append.failures", "Appends that failed", metrics -> metrics.appendFailures);
        counter(registry, "reloads", "Loads because the state had to be thrown away", metrics -> metrics.reloads);
        counter(registry, "load.failures", "Loads that failed", metrics -> metrics.loadFailures);
        counter(registry, "snapshots", "Snapshots kept", metrics -> metrics.snapshots);
        counter(registry, "snapshot.failures", "Snapshots that failed", metrics -> metrics.snapshotFailures);
        gauge(
                registry,
                "snapshot.age",
                "seconds",
                "Age of the oldest shard's newest snapshot",
                m -> m.snapshotAgeMillis() / MILLIS_PER_SECOND);
        gauge(
                registry,
                "load.time",
                "seconds",
                "The longest load of a shard",
                m -> m.metrics().loadNanos.get() / NANOS_PER_SECOND);
        Gauge.builder("robustmq.retained.size", this, self -> self.read(RetainedMessages::bytes))
                .description("Retained messages, in memory")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("robustmq.retained.refused", this, self -> self.read(RetainedMessages::refused))
                .description("Messages refused because too many are retained")
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            @org.jspecify.annotations.Nullable String unit,
            String text,
            ToDoubleFunction<RetainedMessages> value) {
        Gauge.builder("robustmq.coordinator." + name, this, self -> self.read(value))
                .description(text)
                .baseUnit(unit)
                .tag("coordinator", "retained")
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String text, Function<CoordinatorMetrics, LongAdder> which) {
        FunctionCounter.builder(
                        "robustmq.coordinator." + name,
                        this,
                        self -> self.read(
                                retained -> which.apply(retained.metrics()).sum()))
                .description(text)
                .tag("coordinator", "retained")
                .register(registry);
    }

    private double read(ToDoubleFunction<RetainedMessages> value) {
        return node.find(Broker.class)
                .map(broker -> value.applyAsDouble(broker.retained()))
                .orElse(0.0);
    }
}
