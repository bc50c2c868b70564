/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.InProcessBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Durable sessions whose connections break and are taken over: nothing acknowledged is lost, QoS 2 comes once, in the order of
 * publisher and topic. {@code -Drobustmq.test.seed} repeats the decisions of a run.
 */
class SessionStormTest {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStormTest.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MESSAGES = 3_000;

    @Test
    void breaksAndTakeoversLoseNothing() throws Exception {
        long seed = Long.getLong("robustmq.test.seed", System.nanoTime());
        try (InProcessBroker broker = InProcessBroker.start();
                SessionStorm storm =
                        new SessionStorm(broker.tcpPort(), new SessionStorm.Options(60, 5, 60, 400, seed))) {
            storm.begin(PATIENCE);
            storm.rage();
            storm.awaitAcknowledged(MESSAGES, PATIENCE);
            storm.calm(PATIENCE);
            LOG.info(storm.summary());
            assertThat(storm.violations()).isEmpty();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
