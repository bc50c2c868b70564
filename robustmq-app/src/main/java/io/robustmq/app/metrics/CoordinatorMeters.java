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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The broker's coordinators in numbers, by what they keep; 0 while there is no broker. Thread-safe. */
public final class CoordinatorMeters implements MeterBinder {
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Supplier<Optional<Broker>> broker;

    CoordinatorMeters(Supplier<Optional<Broker>> broker) {
        this.broker = broker;
    }

    /** The coordinators of one kind. */
    private record Kind(
            String name, Function<Broker, CoordinatorMetrics> metrics, ToLongFunction<Broker> snapshotAgeMillis) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "retained",
                    of -> of.retained().metrics(),
                    of -> of.retained().snapshotAgeMillis()),
            new Kind(
                    "sessions",
                    of -> of.sessions().metrics(),
                    of -> of.sessions().snapshotAgeMillis()),
            new Kind("delayed", of -> of.delayed().metrics(), of -> of.delayed().snapshotAgeMillis()));

    @Override
    public void bindTo(MeterRegistry registry) {
        KINDS.forEach(kind -> bind(registry, kind));
        Gauge.builder(
                        "robustmq.retained.size",
                        this,
                        self -> self.read(of -> of.retained().bytes()))
                .description("Retained messages, in memory")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder(
                        "robustmq.retained.refused",
                        this,
                        self -> self.read(of -> of.retained().refused()))
                .description("Messages refused because too many are retained")
                .register(registry);
    }

    private void bind(MeterRegistry registry, Kind kind) {
        gauge(
                registry,
                kind,
                "commands.pending",
                null,
                "Commands that wait",
                of -> kind.metrics.apply(of).pending.sum());
        counter(registry, kind, "commands", "Commands taken", metrics -> metrics.commands);
        counter(registry, kind, "commands.refused", "Commands refused: too many wait", metrics -> metrics.overloaded);
        counter(registry, kind, "records", "Changes appended", metrics -> metrics.records);
        counter(registry, kind, "appends", "Appends, each of many changes", metrics -> metrics.appends);
        counter(registry, kind, "append.failures", "Appends that failed", metrics -> metrics.appendFailures);
        counter(registry, kind, "reloads", "Loads because the state had to be thrown away", metrics -> metrics.reloads);
        counter(registry, kind, "load.failures", "Loads that failed", metrics -> metrics.loadFailures);
        counter(registry, kind, "snapshots", "Snapshots kept", metrics -> metrics.snapshots);
        counter(registry, kind, "snapshot.failures", "Snapshots that failed", metrics -> metrics.snapshotFailures);
        gauge(
                registry,
                kind,
                "snapshot.age",
                "seconds",
                "Age of the oldest shard's newest snapshot",
                of -> kind.snapshotAgeMillis.applyAsLong(of) / MILLIS_PER_SECOND);
        gauge(
                registry,
                kind,
                "load.time",
                "seconds",
                "The longest load of a shard",
                of -> kind.metrics.apply(of).loadNanos.get() / NANOS_PER_SECOND);
    }

    private void gauge(
            MeterRegistry registry,
            Kind kind,
            String name,
            @Nullable String unit,
            String text,
            ToDoubleFunction<Broker> value) {
        Gauge.builder("robustmq.coordinator." + name, this, self -> self.read(value))
                .description(text)
                .baseUnit(unit)
                .tag("coordinator", kind.name)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry,
            Kind kind,
            String name,
            String text,
            Function<CoordinatorMetrics, LongAdder> which) {
        FunctionCounter.builder(
                        "robustmq.coordinator." + name,
                        this,
                        self -> self.read(
                                of -> which.apply(kind.metrics.apply(of)).sum()))
                .description(text)
                .tag("coordinator", kind.name)
                .register(registry);
    }

    private double read(ToDoubleFunction<Broker> value) {
        return broker.get().map(value::applyAsDouble).orElse(0.0);
    }
}
