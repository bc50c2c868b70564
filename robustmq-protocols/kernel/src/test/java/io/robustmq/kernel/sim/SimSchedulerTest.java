/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimSchedulerTest {

    /** Three loops that throw a ball at each other and note who has it. */
    private static String play(long seed, List<Long> hash) {
        SimScheduler scheduler = new SimScheduler(seed);
        SimLoopGroup loops = scheduler.loops("node", 3);
        SimRandom random = scheduler.random("players");
        StringBuilder seen = new StringBuilder();
        for (int ball = 0; ball < 3; ball++) {
            play(loops, loops.get(ball), random, seen, 30);
        }
        scheduler.runUntilQuiet();
        hash.add(scheduler.traceHash());
        return seen.toString();
    }

    private static void play(SimLoopGroup loops, Loop loop, SimRandom random, StringBuilder seen, int left) {
        loop.execute(() -> {
            seen.append(loop.index());
            if (left > 0) {
                play(loops, loops.get(random.nextInt(3)), random, seen, left - 1);
            }
        });
    }

    @Test
    void theSameSeedGivesTheSameRunAndAnotherSeedAnotherOne() {
        Set<String> runs = new HashSet<>();
        Set<Long> hashes = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            List<Long> hash = new ArrayList<>();
            String run = play(seed, hash);
            assertThat(play(seed, hash)).isEqualTo(run).hasSize(93);
            assertThat(hash.get(1)).isEqualTo(hash.get(0));
            runs.add(run);
            hashes.add(hash.get(0));
        }
        assertThat(runs).hasSize(50);
        assertThat(hashes).hasSize(50);
    }

    @Test
    void timePassesOnlyWhenNothingIsDue() {
        SimScheduler scheduler = new SimScheduler(3);
        Loop loop = scheduler.loops("node", 1).get(0);
        List<String> seen = new ArrayList<>();
        long start = scheduler.clock().millis();
        loop.schedule(100, () -> seen.add("at " + (scheduler.clock().millis() - start)));
        loop.execute(() -> seen.add("now"));
        scheduler.runDue();
        assertThat(seen).containsExactly("now");
        scheduler.runForMillis(99);
        assertThat(seen).hasSize(1);
        assertThat(scheduler.clock().millis() - start).isEqualTo(99);
        scheduler.runForMillis(1);
        assertThat(seen).containsExactly("now", "at 100");
        assertThat(scheduler.step()).isFalse();
    }

    @Test
    void aTaskThatTakesTimeHoldsItsOwnLoopAndNoOther() {
        SimScheduler scheduler = new SimScheduler(4);
        SimLoopGroup loops = scheduler.loops("node", 2);
        List<String> seen = new ArrayList<>();
        long start = scheduler.clock().nanos();
        loops.get(0).execute(() -> {
            scheduler.consume(Duration.ofMillis(5).toNanos());
            loops.get(1).execute(() -> seen.add("result " + since(scheduler, start)));
        });
        loops.get(0).execute(() -> seen.add("next " + since(scheduler, start)));
        loops.get(1).execute(() -> seen.add("other " + since(scheduler, start)));
        scheduler.runUntilQuiet();
        assertThat(seen).startsWith("other 0").containsExactlyInAnyOrder("other 0", "result 5", "next 5");
    }

    private static long since(SimScheduler scheduler, long start) {
        return (scheduler.clock().nanos() - start) / 1_000_000;
    }

    @Test
    void aStoppedNodeRunsNothingAnyMore() {
        SimScheduler scheduler = new SimScheduler(5);
        SimLoopGroup node = scheduler.loops("node", 1);
        List<String> seen = new ArrayList<>();
        node.get(0).execute(() -> seen.add("task"));
        node.get(0).schedule(10, () -> seen.add("timer"));
        node.stop();
        scheduler.runUntilQuiet();
        assertThat(seen).isEmpty();
        assertThatThrownBy(() -> node.get(0).execute(() -> {})).isInstanceOf(RmqException.class);
    }

    @Test
    void aFailureNamesTheSeed() {
        SimScheduler scheduler = new SimScheduler(77);
        Loop loop = scheduler.loops("node", 1).get(0);
        loop.execute(() -> {
            throw new IllegalStateException("boom");
        });
        assertThatThrownBy(scheduler::runUntilQuiet)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 77")
                .hasMessageContaining("boom");
        List<String> seen = new ArrayList<>();
        scheduler.afterEachEvent(() -> assertThat(seen).as("invariant").isEmpty());
        loop.execute(() -> seen.add("broken"));
        assertThatThrownBy(scheduler::runUntilQuiet).hasMessageContaining("invariant");
    }

    @Test
    void aNodesWallClockMayBeWrongAndItsTimersDoNotCare() {
        SimScheduler scheduler = new SimScheduler(6);
        SimLoopGroup one = scheduler.loops("one", 1);
        SimLoopGroup two = scheduler.loops("two", 1);
        List<String> seen = new ArrayList<>();
        one.get(0).schedule(10, () -> seen.add("fired"));
        long nanos = one.clock().nanos();
        one.clock().stepWallClock(-5000);
        assertThat(two.clock().millis() - one.clock().millis()).isEqualTo(5000);
        assertThat(one.clock().nanos()).isEqualTo(nanos);
        scheduler.runForMillis(10);
        assertThat(seen).containsExactly("fired");
    }

    @Test
    void runUntilStopsAtItsDeadline() {
        SimScheduler scheduler = new SimScheduler(8);
        Loop loop = scheduler.loops("node", 1).get(0);
        List<String> seen = new ArrayList<>();
        loop.schedule(100, () -> seen.add("fired"));
        assertThat(scheduler.runUntil(() -> !seen.isEmpty(), 99)).isFalse();
        assertThat(scheduler.runUntil(() -> !seen.isEmpty(), 1)).isTrue();
    }
}
