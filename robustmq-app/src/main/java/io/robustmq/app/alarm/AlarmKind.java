/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import java.util.Locale;

/**
 * What can be wrong. Where an alert rule of {@code config/monitoring} is about the same, it has the same name there:
 * {@code disk-not-serving} is {@code RobustMqDiskNotServing}.
 */
enum AlarmKind {
    DISK_NOT_SERVING(Severity.CRITICAL, 0, 60),
    DISK_NEARLY_FULL(Severity.WARNING, 60, 60),
    APPENDS_FAIL(Severity.CRITICAL, 0, 300),
    DAMAGE_FOUND(Severity.CRITICAL, 0, 0),
    DAMAGE_KEEPS_RECORDS(Severity.WARNING, 0, 0),
    ROCKS_DB_FAILED(Severity.CRITICAL, 0, 0),
    MEMORY_PRESSURE(Severity.WARNING, 60, 60),
    ENGINE_MEMORY_FULL(Severity.WARNING, 60, 300),
    HEAP_NEARLY_FULL(Severity.WARNING, 60, 120),
    LOOPS_STALL(Severity.WARNING, 60, 300),
    COORDINATOR_FAILS(Severity.WARNING, 0, 300),
    QUORUM_LOST(Severity.CRITICAL, 10, 30),
    RAFT_LAGS(Severity.WARNING, 60, 60),
    NODE_DOWN(Severity.WARNING, 30, 30),
    CONNECTIONS_REFUSED(Severity.WARNING, 60, 300),
    CONNECTIONS_NEARLY_ALL(Severity.WARNING, 60, 60),
    MESSAGES_DROPPED(Severity.WARNING, 300, 300),
    LOGINS_FAIL(Severity.WARNING, 60, 300),
    SOURCE_DOWN(Severity.WARNING, 0, 60),
    CLIENTS_FLAP(Severity.WARNING, 0, 600),
    SPANS_DROPPED(Severity.WARNING, 60, 300),
    CERTIFICATE_EXPIRES(Severity.WARNING, 0, 0),
    CERTIFICATE_EXPIRED(Severity.CRITICAL, 0, 0),
    CLOCK_JUMPED(Severity.WARNING, 0, 600),
    OPEN_TO_ALL(Severity.WARNING, 0, 0);

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Severity severity;
    private final long raiseNanos;
    private final long clearNanos;
    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /**
     * @param raiseSeconds how long it has to be bad before anybody is told
     * @param clearSeconds how long it has to be good before it is over
     */
    AlarmKind(Severity severity, long raiseSeconds, long clearSeconds) {
        this.severity = severity;
        this.raiseNanos = raiseSeconds * NANOS_PER_SECOND;
        this.clearNanos = clearSeconds * NANOS_PER_SECOND;
    }

    /** The name for people and scripts. */
    String key() {
        return key;
    }

    Severity severity() {
        return severity;
    }

    long raiseNanos() {
        return raiseNanos;
    }

    long clearNanos() {
        return clearNanos;
    }
}
