/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopWatchdogTest {
    private final DefaultEventExecutorGroup executors = new DefaultEventExecutorGroup(2);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void shutDown() {
        release.countDown();
        executors.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void holdTheLoop() {
        try {
            assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namesTheTaskThatHoldsALoop() {
        List<EventExecutor> list = new ArrayList<>();
        executors.forEach(list::add);
        NettyLoops loops = NettyLoops.of(list);
        List<String> heard = new CopyOnWriteArrayList<>();
        List<String> started = new CopyOnWriteArrayList<>();
        // A threshold that no neighbour of a shared machine reaches.
        try (LoopWatchdog watchdog = LoopWatchdog.start(
                loops,
                Duration.ofMillis(200),
                Duration.ofMillis(210),
                (loop, culprit, nanos) ->
                        heard.add(loop.name() + " " + culprit + " " + (nanos >= TimeUnit.MILLISECONDS.toNanos(200))))) {
            // Some probes must have come through, so that the loop's thread is known.
            loops.get(1).schedule(500, () -> {
                started.add("held");
                holdTheLoop();
            });
            Await.until(() -> !started.isEmpty());
            loops.get(0).schedule(700, release::countDown);
            Await.until(() -> heard.stream().anyMatch(line -> line.startsWith("net-1 ")));
            assertThat(heard)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("net-1 ")
                            .contains("LoopWatchdogTest.holdTheLoop")
                            .endsWith(" true"));
            assertThat(watchdog.stalls()).isPositive();
            assertThat(watchdog.longestStallNanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    @Test
    void namesTheInnermostFrameOfOurs() {
        StackTraceElement jdk = new StackTraceElement("java.util.HashMap", "get", "HashMap.java", 1);
        StackTraceElement netty = new StackTraceElement("io.netty.Loop", "run", "Loop.java", 2);
        StackTraceElement ours = new StackTraceElement("io.robustmq.Slow", "work", "Slow.java", 3);
        assertThat(LoopWatchdog.name(new StackTraceElement[] {jdk, ours, netty}))
                .contains("Slow.work");
        assertThat(LoopWatchdog.name(new StackTraceElement[] {netty, jdk})).contains("io.netty.Loop.run");
        assertThat(LoopWatchdog.name(new StackTraceElement[0])).isNotEmpty();
    }
}
