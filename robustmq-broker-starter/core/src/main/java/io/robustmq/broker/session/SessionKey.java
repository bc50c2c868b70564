/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.kernel.subject.Partitioner;
import java.nio.charset.StandardCharsets;

/** Whose session. Immutable. */
record SessionKey(String tenant, String clientId) implements Comparable<SessionKey> {

    /** The shard of {@code __sessions} that keeps it. */
    int partition(int partitions) {
        byte[] bytes = (tenant + '\0' + clientId).getBytes(StandardCharsets.UTF_8);
        return Partitioner.partition(bytes, 0, bytes.length, partitions);
    }

    @Override
    public int compareTo(SessionKey other) {
        int byTenant = tenant.compareTo(other.tenant);
        return byTenant != 0 ? byTenant : clientId.compareTo(other.clientId);
    }
}
