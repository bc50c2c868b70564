/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random histories of durable sessions in virtual time (I6), each decided by its seed: what was acknowledged after a SUBACK comes
 * at least once, QoS 2 exactly once, in the order of publisher and topic. {@code -Dsim.seed=} plays one alone; {@code
 * -Dsim.seeds=} and {@code -Dsim.from=} say how many, and which.
 */
class SessionSimulationTest {
    private static final Logger LOG = LoggerFactory.getLogger(SessionSimulationTest.class);
    private static final int SEEDS = 1000;
    private static final int SEEDS_SOAK = 5000;
    private static final int SEEDS_MIN = 40;
    private static final long BUDGET_NANOS = 60_000_000_000L;
    private static final int LIVING_SEEDS = 60;
    /** So many are watched for leaks, which takes ten times as long. */
    private static final int SEEDS_WATCHED = 5;

    private static SessionRun play(long seed, boolean dies) {
        SessionRun run = new SessionRun(seed, dies);
        try {
            run.play();
        } catch (AssertionError | RuntimeException e) {
            run.giveUp();
            throw new AssertionError("-Dsim.seed=" + seed + " (" + run + "): " + e.getMessage(), e);
        }
        return run;
    }

    /** The process dies and comes back, too. */
    @Test
    void everySessionGetsWhatItIsOwed() {
        boolean bounded = Integer.getInteger("sim.seeds") == null;
        play(Integer.getInteger("sim.seeds", SEEDS), bounded ? BUDGET_NANOS : Long.MAX_VALUE, true);
    }

    @Test
    void connectionsComeAndGo() {
        play(Integer.getInteger("sim.seeds", LIVING_SEEDS), Long.MAX_VALUE, false);
    }

    /** A crash took the session back behind messages that it had under another filter: they are not of the new one. */
    @Test
    void aFilterIsOwedNothingOfBeforeItsSubscription() {
        assertThat(play(516, true).received()).isPositive();
    }

    @Test
    @Tag("soak")
    void everySessionGetsWhatItIsOwedInManyMoreSeeds() {
        play(SEEDS_SOAK, Long.MAX_VALUE, true);
    }

    private static void play(int seedsMax, long budgetNanos, boolean dies) {
        Long alone = Long.getLong("sim.seed");
        long from = alone != null ? alone : Long.getLong("sim.from", 1);
        int seeds = alone != null ? 1 : seedsMax;
        long begun = System.nanoTime();
        long events = 0;
        long received = 0;
        int done = 0;
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        try {
            while (done < seeds && (done < SEEDS_MIN || System.nanoTime() - begun < budgetNanos)) {
                if (done == SEEDS_WATCHED) {
                    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
                }
                SessionRun run = play(from + done++, dies);
                events += run.events();
                received += run.received();
            }
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        LOG.info("{} seeds from {}: {} events, {} messages received, {} ms", done, from, events, received, millis);
        assertThat(received).as("somebody was owed something").isPositive();
    }
}
