/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.kernel.system.LoopWatchdog;
import io.robustmq.storage.memory.MemoryEngine;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What the memory engine and the loops' watchdog count; zero on a node without them. Thread-safe: immutable. */
final class EngineMetrics implements MeterBinder {
    private final Supplier<@Nullable MemoryEngine> memory;
    private final Supplier<@Nullable LoopWatchdog> watchdog;

    EngineMetrics(Supplier<@Nullable MemoryEngine> memory, Supplier<@Nullable LoopWatchdog> watchdog) {
        this.memory = memory;
        this.watchdog = watchdog;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "used", "Chunks that records in memory hold", MemoryEngine::totalBytes);
        gauge(registry, "limit", "Chunks that records in memory may hold", MemoryEngine::maxTotalBytes);
        gauge(registry, "live", "Records in memory that can be read", MemoryEngine::liveBytes);
        evicted(registry, "retention", MemoryEngine::evictedBatches);
        evicted(registry, "pressure", MemoryEngine::pressureEvictedBatches);
        counter(registry, "robustmq.engine.memory.pins.overrun", "Pins that lost records", MemoryEngine::overrunPins);
        counter(registry, "robustmq.engine.memory.refusals", "Appends refused", MemoryEngine::refusedAppends);
        FunctionCounter.builder("robustmq.loops.stalls", watchdog, w -> {
                    LoopWatchdog present = w.get();
                    return present == null ? 0 : present.stalls();
                })
                .description("Tasks that held a loop for too long")
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String text, ToDoubleFunction<MemoryEngine> value) {
        Gauge.builder("robustmq.engine.memory." + name, this, self -> self.read(value))
                .description(text)
                .baseUnit("bytes")
                .register(registry);
    }

    private void evicted(MeterRegistry registry, String cause, ToDoubleFunction<MemoryEngine> value) {
        FunctionCounter.builder("robustmq.engine.memory.evicted", this, self -> self.read(value))
                .description("Batches that went to make room, by the limit that was reached")
                .tag("limit", cause)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String text, ToDoubleFunction<MemoryEngine> value) {
        FunctionCounter.builder(name, this, self -> self.read(value))
                .description(text)
                .register(registry);
    }

    private double read(ToDoubleFunction<MemoryEngine> value) {
        MemoryEngine engine = memory.get();
        return engine == null ? 0 : value.applyAsDouble(engine);
    }
}
