/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** State of the raft groups. */
public record ClusterStatus(String clusterName, List<Group> groups) {
    public ClusterStatus {
        groups = List.copyOf(groups);
    }

    /** One group: {@code metadata}, {@code offset} or {@code data}; leader is {@code host:port} or null. */
    public record Group(
            String name,
            @Nullable String leader,
            long term,
            long committedIndex,
            long appliedIndex,
            List<String> peers) {
        public Group {
            peers = List.copyOf(peers);
        }
    }
}
