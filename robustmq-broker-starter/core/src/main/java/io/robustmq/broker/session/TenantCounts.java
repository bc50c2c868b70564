/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import java.util.concurrent.ConcurrentHashMap;

/** How many there are in each tenant. Thread-safe. */
final class TenantCounts {
    private final ConcurrentHashMap<String, Long> counts = new ConcurrentHashMap<>();

    /** @param more or fewer, when it is negative */
    void add(String tenant, long more) {
        counts.merge(tenant, more, (before, change) -> before + change == 0 ? null : before + change);
    }

    long of(String tenant) {
        return counts.getOrDefault(tenant, 0L);
    }
}
