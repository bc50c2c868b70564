/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import io.robustmq.kernel.Clock;
import io.robustmq.rpc.meta.ExpireNode;
import io.robustmq.rpc.meta.NodeState;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has sent heartbeats to this leader: soft state, never in the log. A lease counts by this node's monotonic clock from the
 * later of the last heartbeat and the begin of the leader's term, so a new leader gives everybody a whole lease. Thread-safe.
 */
final class LeaseTracker {
    private final Clock clock;
    private final long leaseNanos;
    private final Map<Integer, Heartbeat> heartbeats = new HashMap<>();
    private boolean leading;
    private long leadingSinceNanos;

    private record Heartbeat(long incarnation, long nanos) {}

    LeaseTracker(Clock clock, long leaseMillis) {
        this.clock = clock;
        this.leaseNanos = leaseMillis * 1_000_000;
    }

    synchronized void leading() {
        heartbeats.clear();
        leadingSinceNanos = clock.nanos();
        leading = true;
    }

    synchronized void following() {
        leading = false;
        heartbeats.clear();
    }

    synchronized boolean isLeading() {
        return leading;
    }

    synchronized void heartbeat(int node, long incarnation) {
        heartbeats.put(node, new Heartbeat(incarnation, clock.nanos()));
    }

    /** Commands for those of the nodes that are called alive but have been silent for a whole lease. */
    synchronized List<ExpireNode> expired(Collection<NodeState> nodes) {
        if (!leading) {
            return List.of();
        }
        return nodes.stream()
                .filter(node -> node.getAlive() && clock.nanos() - lastSeenNanos(node) > leaseNanos)
                .map(node -> ExpireNode.newBuilder()
                        .setNode(node.getId())
                        .setIncarnation(node.getIncarnation())
                        .build())
                .toList();
    }

    private long lastSeenNanos(NodeState node) {
        Heartbeat last = heartbeats.get(node.getId());
        boolean counts = last != null && last.incarnation() == node.getIncarnation();
        return counts && last.nanos() - leadingSinceNanos > 0 ? last.nanos() : leadingSinceNanos;
    }
}
