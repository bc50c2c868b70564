/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import io.robustmq.storage.EngineDisk;
import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * {@code storage}: UP while every disk takes appends, DEGRADED while some do, DOWN when none does. An alarm, and no part of
 * readiness: a node with a full disk still serves what is on it, its other disks and what is in memory. Thread-safe: immutable.
 */
final class StorageHealthIndicator extends AbstractHealthIndicator {
    static final Status DEGRADED = new Status("DEGRADED", "a disk refuses appends");

    private final NodeDisks disks;

    StorageHealthIndicator(NodeDisks disks) {
        this.disks = disks;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        List<EngineDisk> all = disks.all();
        long serving = all.stream().filter(EngineDisk::takesWrites).count();
        if (serving == all.size()) {
            builder.up();
        } else if (serving == 0) {
            builder.down();
        } else {
            builder.status(DEGRADED);
        }
        builder.withDetail("disks", all.stream().map(NodeDisks::describe).toList());
    }
}
