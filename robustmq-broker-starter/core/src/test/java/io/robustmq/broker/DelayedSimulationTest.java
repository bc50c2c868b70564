/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.Publisher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Publishers delay messages while appends take their time and fail, some are cancelled, and the broker is restarted in the middle
 * of whatever it does, by seed: what was acknowledged and not cancelled is in its topic exactly once, not before its time, and
 * nothing else is but what failed without an answer.
 */
class DelayedSimulationTest {
    private static final BrokerConfig CONFIG =
            BrokerConfig.of(new NodeId(1), 1, List.of(BrokerFixture.MQTT), Map.of("mqtt", Capture.ALL), "rocksdb");

    @Test
    void everyMessageOnceAndNotBeforeItsTime() {
        long recovered = 0;
        for (long seed = 1; seed <= 150; seed++) {
            recovered += new Run(seed).go();
        }
        assertThat(recovered)
                .as("crashes between publication and removal were met")
                .isPositive();
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final SlowEngine durable = new SlowEngine();
        private final SimScheduler scheduler;
        private final Map<Long, Long> dueMillis = new HashMap<>();
        private final Set<Long> acknowledged = new HashSet<>();
        private final Set<Long> cancelled = new HashSet<>();
        private BrokerFixture fixture;
        private Publisher publisher;
        private long recovered;
        private long numbers;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.scheduler = new SimScheduler(seed);
            fixture = new BrokerFixture(scheduler, 2, List.of(durable), new AllowAll(), CONFIG);
            open();
        }

        private void open() {
            publisher = fixture.publisher("device", loop(), (token, offset, error) -> {
                if (error == null) {
                    acknowledged.add(token);
                }
            });
        }

        private Loop loop() {
            return fixture.loops.get(0);
        }

        long go() {
            int failPercent = (int) (seed % 3) * 4;
            for (int life = 0; life < 4; life++) {
                durable.appendMillis = () -> random.nextInt(100) < failPercent ? -7 : random.nextInt(60);
                for (int step = 0; step < 12; step++) {
                    delaySome();
                    if (random.nextInt(5) == 0) {
                        cancelOne();
                    }
                    scheduler.runForMillis(random.nextInt(400));
                }
                recovered += fixture.broker.delayed().counters().recovered.sum();
                durable.appendMillis = () -> random.nextInt(20);
                fixture = fixture.restarted(CONFIG);
                open();
            }
            scheduler.runForMillis(120_000);
            check();
            recovered += fixture.broker.delayed().counters().recovered.sum();
            fixture.close();
            return recovered;
        }

        private void delaySome() {
            for (int i = random.nextInt(4); i > 0; i--) {
                long number = numbers++;
                long due = scheduler.clock().millis() + random.nextInt(1500);
                int qos = 1 + random.nextInt(2);
                String topic = "t/" + random.nextInt(3);
                dueMillis.put(number, due);
                loop().execute(() -> {
                    RmqError refusal = publisher.publish(BrokerFixture.message(topic, Long.toString(number), qos)
                            .dueAtMillis(due)
                            .token(number));
                    assertThat(refusal).isIn(null, RmqError.UNAVAILABLE);
                });
            }
        }

        private void cancelOne() {
            fixture.ports
                    .delays()
                    .list(new DelayPort.Query(Tenants.DEFAULT, null, null, null, 5))
                    .thenAccept(page -> {
                        if (!page.delayed().isEmpty()) {
                            DelayPort.Delayed last =
                                    page.delayed().get(page.delayed().size() - 1);
                            fixture.ports
                                    .delays()
                                    .cancel(Tenants.DEFAULT, last.id())
                                    .thenAccept(v -> cancelled.add(Long.parseLong(BrokerFixture.text(last.payload()))));
                        }
                    });
        }

        private void check() {
            List<Long> published = new ArrayList<>();
            fixture.records("mqtt").forEach(record -> {
                long number = Long.parseLong(BrokerFixture.text(record.value()));
                published.add(number);
                assertThat(record.timestampMillis())
                        .as("not before its time, seed %d", seed)
                        .isGreaterThanOrEqualTo(dueMillis.get(number));
            });
            assertThat(published).as("none twice, seed %d", seed).doesNotHaveDuplicates();
            assertThat(published).as("not what was cancelled, seed %d", seed).doesNotContainAnyElementsOf(cancelled);
            Set<Long> wanted = new HashSet<>(acknowledged);
            wanted.removeAll(cancelled);
            assertThat(published).as("all that was acknowledged, seed %d", seed).containsAll(wanted);
            assertThat(fixture.ports.delays().count()).as("seed %d", seed).isZero();
            assertThat(fixture.budget.usedBytes()).as("I8, seed %d", seed).isZero();
        }
    }
}
