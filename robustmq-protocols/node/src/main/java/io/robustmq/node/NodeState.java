/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

/** How far the start of this node is; what health, readiness and listings say. Thread-safe: one volatile field. */
public final class NodeState {
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
        phase = next;
    }
}
