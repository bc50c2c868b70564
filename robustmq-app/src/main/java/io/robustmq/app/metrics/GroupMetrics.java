/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.GroupPort.Lag;
import io.robustmq.protocol.GroupPort.Report;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far behind groups of consumers are, per group and topic, as they last told; the number of series is bounded by the teller.
 * Thread-safe: the report is published by a volatile field.
 */
final class GroupMetrics implements MeterBinder {
    private final Supplier<@Nullable GroupPort> groups;
    private volatile Report last = new Report(0, List.of(), 0);

    GroupMetrics(Supplier<@Nullable GroupPort> groups) {
        this.groups = groups;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        GroupPort port = groups.get();
        if (port == null) {
            return;
        }
        Gauge.builder("robustmq.groups", this, self -> self.last.groups())
                .description("Groups of consumers")
                .register(registry);
        Gauge.builder("robustmq.group.lags.hidden", this, self -> self.last.notShown())
                .description("Groups, and topics of groups, whose lag is not shown because there are too many")
                .register(registry);
        MultiGauge lags = MultiGauge.builder("robustmq.group.lag")
                .description("Records that a group has not consumed yet")
                .baseUnit("records")
                .register(registry);
        port.onReport(report -> {
            last = report;
            lags.register(
                    report.lags().stream()
                            .map(lag -> MultiGauge.Row.of(
                                    Tags.of("group", lag.group(), "topic", lag.topic()), lag, Lag::records))
                            .toList(),
                    true);
        });
    }
}
