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
import io.robustmq.broker.retention.RetentionCounters;
import io.robustmq.broker.retention.RetentionWorker;
import io.robustmq.node.NodeContext;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What compaction and retention count; zero on a node without a broker. Thread-safe: immutable. */
final class RetentionMetrics implements MeterBinder {
    private final NodeContext node;

    RetentionMetrics(NodeContext node) {
        this.node = node;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "compaction.read", "bytes", "Read by compaction", c -> c.compactionBytesRead);
        counter(registry, "compaction.written", "bytes", "Written by compaction", c -> c.compactionBytesWritten);
        counter(registry, "compaction.freed", "bytes", "Freed by compaction", c -> c.compactionBytesFreed);
        counter(registry, "compaction.passes", null, "Passes over a shard", c -> c.compactionPasses);
        counter(registry, "compaction.failures", null, "Passes that failed", c -> c.compactionFailures);
        counter(registry, "records.compacted", null, "Records that compaction removed", c -> c.recordsRemoved);
        counter(registry, "records.confirmed", null, "Records that nobody needed any more", c -> c.recordsConfirmed);
        counter(registry, "records.overrun", null, "Records that went although held", c -> c.recordsOverrun);
        gauge(registry, "dirtiest", "bytes", "Not compacted in the dirtiest shard", RetentionWorker::dirtiestBytes);
        gauge(
                registry,
                "damaged",
                null,
                "Shards not compacted for damage",
                worker -> worker.damaged().size());
    }

    private void counter(
            MeterRegistry registry,
            String name,
            @Nullable String unit,
            String text,
            Function<RetentionCounters, LongAdder> counter) {
        FunctionCounter.builder(
                        "robustmq.retention." + name,
                        this,
                        self -> self.read(
                                worker -> counter.apply(worker.counters()).sum()))
                .baseUnit(unit)
                .description(text)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            @Nullable String unit,
            String text,
            ToDoubleFunction<RetentionWorker> value) {
        Gauge.builder("robustmq.retention." + name, this, self -> self.read(value))
                .baseUnit(unit)
                .description(text)
                .register(registry);
    }

    private double read(ToDoubleFunction<RetentionWorker> value) {
        RetentionWorker worker = node.find(Broker.class).map(Broker::retention).orElse(null);
        return worker == null ? 0 : value.applyAsDouble(worker);
    }
}
