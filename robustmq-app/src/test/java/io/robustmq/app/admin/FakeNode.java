/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.node.NodeContext;
import io.robustmq.node.NodeIdentity;
import io.robustmq.node.Role;
import java.nio.file.Path;
import java.util.Set;

/** A node with nothing but its context. */
final class FakeNode {
    private FakeNode() {}

    static NodeContext broker() {
        return new NodeContext(
                new NodeIdentity("red", new NodeId(7), Set.of(Role.BROKER)),
                Path.of("data"),
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                new SystemMemoryBudget(1 << 20),
                () -> {
                    throw new IllegalStateException("no loops here");
                });
    }
}
