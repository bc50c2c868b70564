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
import io.robustmq.kernel.Tenants;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.QuotaAdminPort.Use;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * How often quotas made clients wait or stay outside, by tenant; tenants are added at the first scrape after something has happened
 * in them. Thread-safe: a concurrent set.
 */
final class QuotaMetrics implements MeterBinder {
    private static final Use NOTHING = new Use(0, 0, 0);

    private final NodeContext node;
    private final Set<String> shown = ConcurrentHashMap.newKeySet();

    QuotaMetrics(NodeContext node) {
        this.node = node;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("robustmq.quota.count", this, self -> self.count(registry))
                .description("Quotas of the cluster")
                .register(registry);
        show(registry, Tenants.DEFAULT);
    }

    private int count(MeterRegistry registry) {
        return node.find(Broker.class)
                .map(broker -> {
                    broker.quotas().uses().keySet().forEach(tenant -> show(registry, tenant));
                    return broker.quotas().count();
                })
                .orElse(0);
    }

    private void show(MeterRegistry registry, String tenant) {
        if (shown.add(tenant)) {
            counter(
                    registry,
                    "robustmq.quota.paused",
                    "Times that a client was not read for a while, or told to wait",
                    tenant,
                    Use::paused);
            counter(
                    registry,
                    "robustmq.quota.refused",
                    "Connections refused because their tenant or user has enough",
                    tenant,
                    Use::refused);
        }
    }

    private void counter(MeterRegistry registry, String name, String text, String tenant, ToDoubleFunction<Use> value) {
        FunctionCounter.builder(name, this, self -> value.applyAsDouble(self.use(tenant)))
                .description(text)
                .tag("tenant", tenant)
                .register(registry);
    }

    private Use use(String tenant) {
        return node.find(Broker.class)
                .map(broker -> broker.quotas().admin().use(tenant))
                .orElse(NOTHING);
    }
}
