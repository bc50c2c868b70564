/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
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
    private static final int SEEDS = 100;
    /** So many are watched for leaks, which takes ten times as long. */
    private static final int SEEDS_WATCHED = 10;

    private static SessionRun play(long seed) {
        SessionRun run = new SessionRun(seed, false);
        try {
            run.play();
        } catch (AssertionError | RuntimeException e) {
            run.giveUp();
            throw new AssertionError("-Dsim.seed=" + seed + " (" + run + "): " + e.getMessage(), e);
        }
        return run;
    }

    @Test
    void connectionsComeAndGo() {
        Long alone = Long.getLong("sim.seed");
        long from = alone != null ? alone : Long.getLong("sim.from", 1);
        int seeds = alone != null ? 1 : Integer.getInteger("sim.seeds", SEEDS);
        long begun = System.nanoTime();
        long events = 0;
        long received = 0;
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        try {
            for (long seed = from; seed < from + seeds; seed++) {
                if (seed == from + SEEDS_WATCHED) {
                    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
                }
                SessionRun run = play(seed);
                events += run.events();
                received += run.received();
            }
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        LOG.info("{} seeds from {}: {} events, {} messages received, {} ms", seeds, from, events, received, millis);
        assertThat(received).as("somebody was owed something").isPositive();
    }
}
