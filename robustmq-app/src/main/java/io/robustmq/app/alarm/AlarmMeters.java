/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How many alarms are on. Thread-safe: immutable. */
final class AlarmMeters implements MeterBinder {
    private final AlarmBook book;

    AlarmMeters(AlarmBook book) {
        this.book = book;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Severity severity : Severity.values()) {
            Gauge.builder("robustmq.alarms", book, of -> of.count(severity))
                    .description("Alarms that are on; /actuator/alarms tells them")
                    .tag("severity", severity.key())
                    .register(registry);
        }
        FunctionCounter.builder("robustmq.alarms.raised", book, AlarmBook::raised)
                .description("Alarms raised since the start")
                .register(registry);
        FunctionCounter.builder("robustmq.alarms.beyond", book, AlarmBook::beyond)
                .description("Looks at something bad that was not kept because too much is bad already")
                .register(registry);
    }
}
