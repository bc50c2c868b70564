/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import static io.robustmq.meta.server.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that waits for others waits without end, and can be stopped all the same. */
class QuorumWaitTest {
    @TempDir
    Path dataDir;

    private final AtomicReference<Throwable> outcome = new AtomicReference<>();

    private Thread startAlone(TestNode node) {
        // Nobody listens there: the two others have not started.
        Map<Integer, String> members = Map.of(1, node.address(), 2, "127.0.0.1:1", 3, "127.0.0.1:2");
        Thread thread = new Thread(
                () -> {
                    try {
                        node.start(members, 3000);
                        outcome.set(new AssertionError("started without a quorum"));
                    } catch (RuntimeException e) {
                        outcome.set(e);
                    }
                },
                "starting");
        thread.start();
        await(
                "waiting",
                () -> thread.getState() == Thread.State.WAITING
                        && node.server() != null
                        && node.server().groups().size() == 3);
        return thread;
    }

    private void assertStopped() {
        await("the start has ended", () -> outcome.get() != null);
        assertThat(outcome.get())
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.CLOSED));
    }

    @Test
    void stoppedByAnotherThread() {
        try (TestNode node = new TestNode(1, dataDir)) {
            startAlone(node);
            node.server().stop();
            assertStopped();
        }
    }

    @Test
    void interruptedAsASpringShutdownHookDoes() {
        try (TestNode node = new TestNode(1, dataDir)) {
            startAlone(node).interrupt();
            assertStopped();
            assertThat(node.server().groups().values())
                    .as("the disk was left in order")
                    .allMatch(group -> group.failure() == null);
        }
        outcome.set(null);
        try (TestNode node = new TestNode(1, dataDir)) {
            startAlone(node).interrupt();
            assertStopped();
        }
    }
}
