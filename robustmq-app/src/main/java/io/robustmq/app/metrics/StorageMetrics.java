/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ShardEngine;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** How the disks of all engines are, the same for each kind of engine. Thread-safe: immutable. */
final class StorageMetrics implements MeterBinder {
    private static final String PREFIX = "robustmq.storage.disk.";

    private final Supplier<List<ShardEngine>> engines;

    StorageMetrics(Supplier<List<ShardEngine>> engines) {
        this.engines = engines;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        // Which disks an engine has does not change while it runs.
        for (ShardEngine engine : engines.get()) {
            List<EngineDisk> disks = engine.health();
            for (int i = 0; i < disks.size(); i++) {
                bind(
                        registry,
                        engine,
                        i,
                        Tags.of("engine", engine.name(), "disk", disks.get(i).name()));
            }
        }
    }

    private static void bind(MeterRegistry registry, ShardEngine engine, int index, Tags tags) {
        for (EngineDisk.State state : EngineDisk.State.values()) {
            Gauge.builder(PREFIX + "state", engine, of(index, disk -> disk.state() == state ? 1 : 0))
                    .description("1 for the state that the disk is in; all but serving want somebody to look")
                    .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
                    .register(registry);
        }
        Gauge.builder(PREFIX + "free", engine, of(index, disk -> disk.freeBytes() < 0 ? Double.NaN : disk.freeBytes()))
                .description("Bytes that can still be written, as last measured")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        Gauge.builder(PREFIX + "low.water", engine, of(index, EngineDisk::lowWaterBytes))
                .description("With less than this free, appends are refused")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(PREFIX + "refusals", engine, of(index, EngineDisk::refusedAppends))
                .description("Appends refused because of the disk's state")
                .tags(tags)
                .register(registry);
    }

    private static ToDoubleFunction<ShardEngine> of(int index, ToDoubleFunction<EngineDisk> value) {
        return engine -> value.applyAsDouble(engine.health().get(index));
    }
}
