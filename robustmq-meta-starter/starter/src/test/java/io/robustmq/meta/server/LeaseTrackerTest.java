/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.sim.ManualClock;
import io.robustmq.rpc.meta.ExpireNode;
import io.robustmq.rpc.meta.NodeState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leases end by the leader's monotonic clock and by nothing else. */
class LeaseTrackerTest {
    private final ManualClock clock = new ManualClock();
    private final LeaseTracker leases = new LeaseTracker(clock, 3000);

    private static NodeState node(int id, long incarnation, boolean alive) {
        return NodeState.newBuilder()
                .setId(id)
                .setIncarnation(incarnation)
                .setAlive(alive)
                .build();
    }

    private List<Integer> expired(NodeState... nodes) {
        return leases.expired(List.of(nodes)).stream().map(ExpireNode::getNode).toList();
    }

    @Test
    void aNewLeaderGivesEverybodyAWholeLease() {
        clock.advanceMillis(100_000);
        leases.leading();
        clock.advanceMillis(3000);
        assertThat(expired(node(1, 7, true))).isEmpty();
        clock.advanceMillis(1);
        assertThat(expired(node(1, 7, true), node(2, 7, false))).containsExactly(1);
    }

    @Test
    void aHeartbeatOfThisIncarnationProlongs() {
        leases.leading();
        clock.advanceMillis(2000);
        leases.heartbeat(1, 7);
        leases.heartbeat(2, 6);
        clock.advanceMillis(2000);
        assertThat(expired(node(1, 7, true), node(2, 7, true))).containsExactly(2);
        clock.advanceMillis(1001);
        assertThat(expired(node(1, 7, true))).containsExactly(1);
    }

    @Test
    void onlyALeaderExpires() {
        leases.leading();
        leases.heartbeat(1, 7);
        leases.following();
        clock.advanceMillis(10_000);
        assertThat(expired(node(1, 7, true))).isEmpty();
        leases.leading();
        clock.advanceMillis(2999);
        assertThat(expired(node(1, 7, true))).as("counted from the new term").isEmpty();
    }
}
