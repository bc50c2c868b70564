/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.storage.rocksdb.RocksDbEngine;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What the rocksdb engine counts; zero on a node without it and until it is opened. Thread-safe: immutable. */
final class RocksDbMetrics implements MeterBinder {
    private static final String PREFIX = "robustmq.engine.rocksdb.";

    private final Supplier<@Nullable RocksDbEngine> engine;

    RocksDbMetrics(Supplier<@Nullable RocksDbEngine> engine) {
        this.engine = engine;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "shards", null, "Shards that are open", RocksDbEngine::shards);
        gauge(registry, "failed", null, "1 once nothing is written any more", e -> e.failure() == null ? 0 : 1);
        gauge(registry, "native", "bytes", "Blocks, indexes and write buffers", RocksDbEngine::memoryBytes);
        gauge(registry, "live", "bytes", "Tables, as far as nothing is deleted", RocksDbEngine::liveBytes);
        gauge(registry, "queued", "bytes", "Appends that wait for the writer", RocksDbEngine::queuedBytes);
        counter(registry, "forces", "Times that the device had to keep what it was given", RocksDbEngine::forces);
        counter(registry, "groups", "Writes, each of all that waited", RocksDbEngine::groups);
        counter(registry, "appends", "Batches acknowledged", RocksDbEngine::appends);
        counter(registry, "evicted", "Batches dropped by retention", RocksDbEngine::evictedBatches);
        counter(registry, "pins.overrun", "Pins that lost records", RocksDbEngine::overrunPins);
        counter(registry, "refusals", "Appends refused", RocksDbEngine::refusedAppends);
        counter(registry, "corrupt", "Reads that found a damaged batch", RocksDbEngine::corruptReads);
        counter(registry, "compactions", "Rewrites that gave space back", RocksDbEngine::compactions);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            @Nullable String unit,
            String text,
            ToDoubleFunction<RocksDbEngine> value) {
        Gauge.builder(PREFIX + name, this, self -> self.read(value))
                .description(text)
                .baseUnit(unit)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String text, ToDoubleFunction<RocksDbEngine> value) {
        FunctionCounter.builder(PREFIX + name, this, self -> self.read(value))
                .description(text)
                .register(registry);
    }

    private double read(ToDoubleFunction<RocksDbEngine> value) {
        RocksDbEngine present = engine.get();
        return present == null ? 0 : value.applyAsDouble(present);
    }
}
