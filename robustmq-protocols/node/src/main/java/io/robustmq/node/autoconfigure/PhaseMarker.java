/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.node.NodePhase;
import io.robustmq.node.NodeState;
import org.springframework.context.SmartLifecycle;

/**
 * Tells the node's state that a phase begins, a moment before the phase's own beans start. Confined to the thread that
 * starts and stops the context, but for the flag, which any thread may read.
 */
final class PhaseMarker implements SmartLifecycle {
    private final NodeState state;
    private final NodePhase marks;
    private final int phase;
    private volatile boolean running;

    PhaseMarker(NodeState state, NodePhase marks, int phase) {
        this.state = state;
        this.marks = marks;
        this.phase = phase;
    }

    @Override
    public void start() {
        state.enter(marks);
        running = true;
    }

    @Override
    public void stop() {
        state.enter(NodePhase.STOPPING);
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
