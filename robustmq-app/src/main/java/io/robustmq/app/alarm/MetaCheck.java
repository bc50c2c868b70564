/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.app.alarm.Finding.Verdict;
import io.robustmq.kernel.Clock;
import io.robustmq.meta.client.ClusterStatus;
import io.robustmq.meta.client.NodeInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the metadata has a quorum, whether its state follows its log, and which nodes are gone. The answer to one look is asked
 * for at the look before, because it may have to come from another node. Thread-safe: volatile fields.
 */
final class MetaCheck implements AlarmCheck {
    private static final long LAG_BAD = 10_000;
    private static final long LAG_GOOD = 1_000;
    private static final long ANSWER_NANOS_MAX = 30_000_000_000L;
    private static final String LOST =
            "Topics, users and settings cannot be changed, and shards find no new owner. Start the meta nodes that are down:"
                    + " 'ctl cluster status' on another node names them.";

    private final Supplier<@Nullable CompletionStage<ClusterStatus>> question;
    private final Supplier<Collection<NodeInfo>> nodes;
    private final Clock clock;
    private volatile @Nullable ClusterStatus status;
    private volatile @Nullable String failure;
    private volatile boolean asking;
    private volatile long askedNanos;

    /**
     * @param question what the keepers are asked; null while there is nobody to ask
     * @param nodes those of the cluster, as far as this node knows
     */
    MetaCheck(
            Supplier<@Nullable CompletionStage<ClusterStatus>> question,
            Supplier<Collection<NodeInfo>> nodes,
            Clock clock) {
        this.question = question;
        this.nodes = nodes;
        this.clock = clock;
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        groups(findings);
        nodes(findings);
        ask();
        return findings;
    }

    private void ask() {
        CompletionStage<ClusterStatus> asked = asking ? null : question.get();
        if (asked == null) {
            return;
        }
        asking = true;
        askedNanos = clock.nanos();
        asked.whenComplete((answer, error) -> {
            status = answer;
            failure = error == null ? null : String.valueOf(error.getMessage());
            asking = false;
        });
    }

    private void groups(List<Finding> findings) {
        ClusterStatus known = status;
        String failed = failure;
        if (asking && clock.nanos() - askedNanos > ANSWER_NANOS_MAX) {
            failed = "no answer";
        }
        if (failed != null) {
            findings.add(Finding.bad(
                    AlarmKind.QUORUM_LOST,
                    "",
                    "The keepers of the metadata do not answer (" + failed + "). " + LOST,
                    Map.of()));
        }
        if (known == null) {
            return;
        }
        for (ClusterStatus.Group group : known.groups()) {
            long lag = group.committedIndex() - group.appliedIndex();
            if (group.leader() == null) {
                findings.add(Finding.bad(
                        AlarmKind.QUORUM_LOST,
                        group.name(),
                        "The raft group " + group.name() + " has no leader. " + LOST,
                        Map.of("peers", group.peers(), "term", group.term())));
            }
            findings.add(new Finding(
                    AlarmKind.RAFT_LAGS,
                    group.name(),
                    Verdict.above(lag, LAG_BAD, LAG_GOOD),
                    "The state of the raft group " + group.name() + " is " + lag
                            + " entries behind its log. Look at CPU and disk of this meta node.",
                    Map.of("lag", lag)));
        }
    }

    private void nodes(List<Finding> findings) {
        for (NodeInfo node : nodes.get()) {
            if (!node.alive()) {
                findings.add(Finding.bad(
                        AlarmKind.NODE_DOWN,
                        Integer.toString(node.id().value()),
                        "Node " + node.id().value() + " at " + node.rpcAddress()
                                + " has lost its lease: it is down, cut off or too slow. Look at its log, and start it again.",
                        Map.of("roles", new TreeSet<>(node.roles()))));
            }
        }
    }
}
