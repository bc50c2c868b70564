/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.kernel.system.SystemRandom;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeContextTest {
    private final NodeContext context = new NodeContext(
            new NodeIdentity("red", new NodeId(7), Set.of(Role.BROKER)),
            Path.of("data"),
            SystemClock.INSTANCE,
            SystemRandom.INSTANCE,
            new SystemMemoryBudget(1 << 20),
            () -> {
                throw new IllegalStateException("no loops here");
            });

    @Test
    void aPortIsFoundByItsInterfaceUntilItIsTakenAway() {
        Runnable port = () -> {};
        context.put(Runnable.class, port);
        assertThat(context.get(Runnable.class)).isSameAs(port);
        context.remove(Runnable.class);
        assertThat(context.find(Runnable.class)).isEmpty();
    }

    @Test
    void aMissingPortSaysWhoIsMissedWhereAndWhen() {
        context.state().enter(NodePhase.BROKER);
        assertThatThrownBy(() -> context.get(Runnable.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("java.lang.Runnable", "BROKER", "roles");
    }

    @Test
    void aPortIsOfferedOnce() {
        context.put(Runnable.class, () -> {});
        assertThatThrownBy(() -> context.put(Runnable.class, () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("offered twice");
    }
}
