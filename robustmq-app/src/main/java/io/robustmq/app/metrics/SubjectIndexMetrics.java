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
import io.robustmq.broker.index.SubjectIndexes;
import io.robustmq.node.NodeContext;
import java.util.function.ToDoubleFunction;

/** What the subject indexes hold and do; zero on a node without a broker. Thread-safe: immutable. */
final class SubjectIndexMetrics implements MeterBinder {
    private final NodeContext node;

    SubjectIndexMetrics(NodeContext node) {
        this.node = node;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "tails", "Growing ends of subject indexes in memory", SubjectIndexes::tailBytes);
        gauge(registry, "cache", "Parts of sealed blocks in memory", SubjectIndexes::cachedBytes);
        counter(registry, "sealed", "Blocks sealed", indexes -> indexes.blocksSealed.sum());
        counter(registry, "damaged", "Blocks found missing or damaged", indexes -> indexes.blocksDamaged.sum());
    }

    private void gauge(MeterRegistry registry, String name, String text, ToDoubleFunction<SubjectIndexes> value) {
        Gauge.builder("robustmq.subject.index." + name, this, self -> self.read(value))
                .baseUnit("bytes")
                .description(text)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String text, ToDoubleFunction<SubjectIndexes> value) {
        FunctionCounter.builder("robustmq.subject.index.blocks." + name, this, self -> self.read(value))
                .description(text)
                .register(registry);
    }

    private double read(ToDoubleFunction<SubjectIndexes> value) {
        return node.find(Broker.class)
                .map(broker -> value.applyAsDouble(broker.indexes()))
                .orElse(0.0);
    }
}
