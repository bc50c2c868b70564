/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.SharedClasses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a node again and again under durable sessions whose connections break and are taken over (I6): nothing acknowledged is
 * lost, QoS 2 comes once, in the order of publisher and topic. {@code -Drobustmq.test.seconds} says how long, {@code
 * -Drobustmq.test.seed} repeats the decisions of a run.
 */
class SessionKillTest {
    private static final Logger LOG = LoggerFactory.getLogger(SessionKillTest.class);
    private static final int SECONDS = 25;
    private static final int SECONDS_SHARED = 15;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    @Test
    void nothingAcknowledgedIsLostAndQos2ComesOnce() throws Exception {
        long seed = Long.getLong("robustmq.test.seed", System.nanoTime());
        storm(SessionStorm.Options.of(seed), seed, SECONDS);
    }

    /** The same of groups: each message comes to one of its members, at QoS 2 once. */
    @Test
    void nothingAcknowledgedIsLostToAGroup() throws Exception {
        long seed = Long.getLong("robustmq.test.seed", System.nanoTime());
        storm(new SessionStorm.Options(40, 4, 100, 1_000, seed, true), seed, SECONDS_SHARED);
    }

    private void storm(SessionStorm.Options options, long seed, int usualSeconds) throws Exception {
        long seconds = Long.getLong("robustmq.test.seconds", usualSeconds);
        Random random = new Random(seed);
        int port = VictimProcess.freePort();
        SharedClasses classes = sharedClasses(port);
        String data = temp.resolve("data").toString();
        int kills = 0;
        VictimProcess victim = new VictimProcess(temp, classes.toRepeat(StormVictim.class, data, "" + port));
        victim.serve(1);
        try (SessionStorm storm = new SessionStorm(port, options)) {
            storm.begin(PATIENCE);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            storm.rage();
            while (System.nanoTime() < end) {
                // Starts while the one before still serves.
                VictimProcess next = new VictimProcess(temp, classes.toRepeat(StormVictim.class, data, "" + port));
                victim.serveFor(800 + random.nextInt(1_500));
                assertThat(storm.violations())
                        .as("seed %d, after %d kills", seed, kills)
                        .isEmpty();
                victim.kill();
                kills++;
                victim = next;
                victim.serve(kills + 1);
            }
            try {
                storm.calm(PATIENCE);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", " + kills + " kills: " + e.getMessage() + victim.log(), e);
            }
            LOG.info("{} kills: {}", kills, storm.summary());
            assertThat(storm.violations()).as("seed %d", seed).isEmpty();
            assertThat(storm.acknowledged()).isGreaterThan(seconds * 20);
        } finally {
            victim.kill();
        }
    }

    /** A life that ends by itself, after the same work. */
    private SharedClasses sharedClasses(int port) throws Exception {
        SharedClasses classes = new SharedClasses(temp.resolve("classes"));
        VictimProcess first = new VictimProcess(
                temp, classes.toBegin(StormVictim.class, temp.resolve("first").toString(), "" + port));
        first.serve(1);
        try (SessionStorm storm = new SessionStorm(port, new SessionStorm.Options(10, 5, 50, 500, 1))) {
            storm.begin(PATIENCE);
            storm.rage();
            first.serveFor(1_000);
            storm.calm(PATIENCE);
        }
        first.end();
        return classes;
    }
}
