/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * {@code alarms}: DEGRADED while a critical alarm is on, and the ids of all. An alarm, and no part of readiness: a node that is told
 * to be looked at still serves. Thread-safe: immutable.
 */
final class AlarmsHealth extends AbstractHealthIndicator {
    private static final int NAMED_MAX = 20;
    private static final Status DEGRADED = new Status("DEGRADED", "a critical alarm is on");

    private final AlarmBook book;

    AlarmsHealth(AlarmBook book) {
        this.book = book;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        List<Alarm> active = book.active();
        boolean critical = active.stream().anyMatch(alarm -> alarm.severity() == Severity.CRITICAL);
        if (critical) {
            builder.status(DEGRADED);
        } else {
            builder.up();
        }
        builder.withDetail("count", active.size());
        builder.withDetail(
                "alarms",
                active.stream().map(Alarm::id).sorted().limit(NAMED_MAX).toList());
    }
}
