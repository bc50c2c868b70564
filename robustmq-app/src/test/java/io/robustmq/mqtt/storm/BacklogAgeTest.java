/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.mqtt.storm.Ledger.Flow;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.TopicPort;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long messages wait for a session that sleeps, to a tenth of a second, on simulated time. */
class BacklogAgeTest {
    private static final long AGE_MAX_MILLIS = 60_000;
    private static final int MESSAGES = 3;

    private final SimScheduler scheduler = new SimScheduler(1);
    private final Loop here = scheduler.loops("clients", 1).get(0);
    private final Ledger ledger = new Ledger();
    private final Flow flow = ledger.flow("t/x", 1);
    private final SimNode node = new SimNode(
            scheduler,
            new SimDisk(scheduler, "d"),
            new InMemoryMeta(),
            1,
            2,
            MqttLimits.DEFAULTS.withBacklog(AGE_MAX_MILLIS, false));
    private long connections;

    private void await(BooleanSupplier there) {
        assertThat(scheduler.runUntil(there, 30_000)).isTrue();
    }

    /** Acts on the clients' loop, and waits for what comes of it. */
    private void act(Runnable task, BooleanSupplier there) {
        boolean[] done = new boolean[1];
        here.execute(() -> {
            task.run();
            done[0] = true;
        });
        await(() -> done[0] && there.getAsBoolean());
    }

    private void connect(DurableClient client) {
        act(
                () -> SimLink.open(node, 0, here, client, scheduler.random("link"), 0, false, ++connections),
                client::isQuiet);
    }

    private DurableClient client(String id) {
        DurableClient client = new DurableClient(ledger, id, MqttVersion.V5, 100, false);
        connect(client);
        return client;
    }

    private void publish(DurableClient publisher) {
        act(
                () -> {
                    for (int i = 0; i < MESSAGES; i++) {
                        publisher.publish(flow);
                    }
                },
                publisher::isQuiet);
    }

    private Drops drops() {
        return Objects.requireNonNull(node.await(node.broker.ports().sessions().show(Tenants.DEFAULT, "sleeper")))
                .progress()
                .drops();
    }

    @ParameterizedTest
    @CsvSource({"59900, 6, 0", "60100, 3, 3"})
    void whatIsOlderIsDroppedAndCounted(long sleepMillis, long received, long droppedByAge) {
        node.await(node.broker
                .ports()
                .topics()
                .create(new TopicPort.TopicRequest(Tenants.DEFAULT, "t", 1, List.of("t/#"), "file", Map.of())));
        DurableClient publisher = client("publisher");
        DurableClient sleeper = client("sleeper");
        act(() -> sleeper.subscribe("t/#"), sleeper::isQuiet);
        act(sleeper::disconnect, () -> true);
        scheduler.runForMillis(1_000);
        publish(publisher);
        scheduler.runForMillis(sleepMillis / 2);
        publish(publisher);
        scheduler.runForMillis(sleepMillis - sleepMillis / 2);
        connect(sleeper);
        await(() -> ledger.received() == received);
        scheduler.runForMillis(1_000);
        assertThat(ledger.received()).isEqualTo(received);
        assertThat(ledger.violations()).isEmpty();
        act(sleeper::disconnect, () -> true);
        scheduler.runForMillis(1_000);
        assertThat(drops()).isEqualTo(new Drops(0, 0, droppedByAge, 0));
        node.stop();
    }
}
