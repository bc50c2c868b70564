/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.storm.SessionStorm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole node, killed again and again under 200 durable sessions that publish to each other at QoS 1 and 2 while their
 * connections break and are taken over (I6). {@code -Drobustmq.test.seed} repeats the decisions of a run.
 */
class SessionStormIT {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStormIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path directory;

    @Test
    void nothingAcknowledgedIsLostAndQos2ComesOnce() throws Exception {
        rageFor(20);
    }

    @Test
    @Tag("soak")
    void nothingAcknowledgedIsLostAndQos2ComesOnceInAMinute() throws Exception {
        rageFor(60);
    }

    private void rageFor(int seconds) throws Exception {
        long seed = Long.getLong("robustmq.test.seed", System.nanoTime());
        Random random = new Random(seed);
        RunningNode.Ports ports = RunningNode.Ports.free();
        int kills = 0;
        RunningNode node = launch(ports, kills);
        try (SessionStorm storm = new SessionStorm(ports.tcp(), SessionStorm.Options.of(seed))) {
            node.awaitReady();
            node.ctl("topics", "create", "storm", "--binding", "storm/#", "--partitions", "4")
                    .ok();
            storm.begin(PATIENCE);
            storm.rage();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < end) {
                storm.awaitAcknowledged(storm.acknowledged() + 300 + random.nextInt(1_500), PATIENCE);
                node.kill();
                node = launch(ports, ++kills);
                node.awaitReady();
            }
            storm.calm(PATIENCE);
            LOG.info("seed {}, {} kills: {}", seed, kills, storm.summary());
            assertThat(storm.violations()).isEmpty();
            assertThat(kills).isPositive();
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", " + kills + " kills: " + e.getMessage() + sessionIn(e, node) + node.log(), e);
        } finally {
            node.close();
        }
    }

    /** What the node says of the first session that is named. */
    private static String sessionIn(AssertionError failure, RunningNode node) {
        Matcher named = Pattern.compile("storm-\\d+").matcher(String.valueOf(failure.getMessage()));
        return named.find() ? "\n" + node.ctl("sessions", "show", named.group()) + "\n" : "\n";
    }

    private RunningNode launch(RunningNode.Ports ports, int life) {
        return RunningNode.launch(
                directory.resolve("data"), directory.resolve("life-" + life + ".log"), ports, Map.of(), Map.of());
    }
}
