/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.sim.ManualClock;
import io.robustmq.meta.client.ClusterStatus;
import io.robustmq.meta.client.ClusterStatus.Group;
import io.robustmq.meta.client.NodeInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is found of the metadata's keepers. */
class MetaCheckTest {
    private final ManualClock clock = new ManualClock();
    private CompletableFuture<ClusterStatus> answer = new CompletableFuture<>();
    private List<NodeInfo> nodes = List.of();
    private final MetaCheck check = new MetaCheck(() -> answer, () -> nodes, clock);

    private void answered(@Nullable String leader, long committed, long applied) {
        answer = CompletableFuture.completedFuture(new ClusterStatus(
                "red", List.of(new Group("data", leader, 3, committed, applied, List.of("a:1", "b:1")))));
        check.look();
    }

    private List<String> bad() {
        return check.look().stream()
                .filter(finding -> finding.verdict() == Finding.Verdict.BAD)
                .map(Finding::id)
                .toList();
    }

    @Test
    void quorumAndLag() {
        answered("a:1", 10_000, 0);
        assertThat(bad()).isEmpty();
        answered("a:1", 10_001, 0);
        assertThat(bad()).containsExactly("raft-lags:data");
        answered(null, 0, 0);
        assertThat(bad()).containsExactly("quorum-lost:data");
        answer = CompletableFuture.failedFuture(new IllegalStateException("nobody"));
        check.look();
        assertThat(bad()).containsExactly("quorum-lost");
    }

    @Test
    void nodesThatAreGone() {
        nodes = List.of(node(1, true), node(2, false));
        assertThat(bad()).containsExactly("node-down:2");
    }

    private static NodeInfo node(int id, boolean alive) {
        return new NodeInfo(new NodeId(id), 1, Set.of("broker"), "127.0.0.1:1228", Map.of(), alive);
    }

    @Test
    void keepersThatSayNothing() {
        check.look();
        clock.advanceMillis(30_000);
        assertThat(bad()).isEmpty();
        clock.advanceMillis(1);
        assertThat(bad()).containsExactly("quorum-lost");
    }
}
