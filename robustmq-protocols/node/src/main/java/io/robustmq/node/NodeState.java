/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * How far the start of this node is; what health, readiness and listings say. Thread-safe: one volatile field; watchers are told
 * on the thread that starts or stops the node.
 */
public final class NodeState {
    private final List<Consumer<NodePhase>> watchers = new CopyOnWriteArrayList<>();
    private volatile NodePhase phase = NodePhase.CONFIGURATION;

    public NodePhase phase() {
        return phase;
    }

    /** Whether clients can be served: every port is open and the node is not stopping. */
    public boolean ready() {
        return phase == NodePhase.READY;
    }

    /** Called by the lifecycle of the phases, on the thread that starts or stops the node. */
    public void enter(NodePhase next) {
        NodePhase before = phase;
        phase = next;
        if (before != next) {
            watchers.forEach(watcher -> watcher.accept(next));
        }
    }

    /** Tells of this phase now, and of each further one. */
    public void watch(Consumer<NodePhase> watcher) {
        watchers.add(watcher);
        watcher.accept(phase);
    }
}
