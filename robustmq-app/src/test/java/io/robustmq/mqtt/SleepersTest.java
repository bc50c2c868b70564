/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.protocol.DurableSession;
import io.robustmq.protocol.DurableSession.Leave;
import io.robustmq.protocol.SessionPort;
import io.robustmq.protocol.SessionPort.Lease;
import io.robustmq.protocol.SessionPort.SessionRequest;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.ShardPositions.Place;
import io.robustmq.protocol.StoredSubscription;
import io.robustmq.protocol.TopicPort;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broadcast to very many sessions that sleep is one append: neither they nor their coordinators hear of it. */
class SleepersTest {
    private static final int SLEEPERS = 100_000;
    private static final int TOGETHER = 6_250;

    @TempDir
    Path data;

    /** Where what is published to it lies. */
    private static ShardPositions beginning(InProcessBroker broker) {
        Map<ShardId, Place> places = new HashMap<>();
        broker.broker()
                .ports()
                .sessions()
                .log()
                .concerned(Tenants.DEFAULT, "kept/x")
                .forEach(each -> places.put(each.shard(), new Place(1, 0)));
        return ShardPositions.of(places);
    }

    private static <T, R> List<R> all(List<T> each, Function<T, CompletableFuture<R>> step) {
        return each.stream().map(step).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }

    /** As connections do it, but for these. */
    private static void sleep(SessionPort sessions, ShardPositions at, int from) {
        StoredSubscription subscription = new StoredSubscription("kept/#", 1, false, false, 0, 0, 1, at);
        List<DurableSession> taken = all(
                        IntStream.range(from, from + TOGETHER).boxed().toList(),
                        i -> sessions.acquire(
                                        new SessionRequest(Tenants.DEFAULT, "sleeper-" + i, false, 1000, null),
                                        epoch -> CompletableFuture.completedStage(null))
                                .toCompletableFuture())
                .stream()
                .map(Lease::durable)
                .toList();
        all(taken, each -> each.subscribe(List.of(subscription), at).toCompletableFuture());
        Leave leave = new Leave(1000, false, new SessionProgress(at, List.of(), new Drops(0, 0, 0, 0)));
        all(taken, each -> each.leave(leave).toCompletableFuture());
    }

    @Test
    void costNothing() {
        try (InProcessBroker broker =
                InProcessBroker.options().loops(2).data(data).start()) {
            broker.create(new TopicPort.TopicRequest(Tenants.DEFAULT, "kept", 3, List.of("kept/#"), null, Map.of()));
            SessionPort sessions = broker.broker().ports().sessions();
            ShardPositions at = beginning(broker);
            assertThat(at.size()).isEqualTo(1);
            for (int i = 0; i < SLEEPERS; i += TOGETHER) {
                sleep(sessions, at, i);
            }
            assertThat(sessions.count()).isEqualTo(SLEEPERS);
            var counters = broker.broker().counters();
            var coordinators = broker.broker().sessions().metrics();
            long commands = coordinators.commands.sum();
            long changes = coordinators.records.sum();
            long records = counters.records.sum();
            long offered = counters.offered.sum();
            try (MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "p")) {
                Steps.publish(publisher, "kept/x", "to all", 1);
            }
            assertThat(counters.records.sum()).as("appended").isEqualTo(records + 1);
            assertThat(counters.offered.sum()).as("woken").isEqualTo(offered);
            assertThat(coordinators.commands.sum()).as("asked").isEqualTo(commands);
            assertThat(coordinators.records.sum()).as("changed").isEqualTo(changes);
            try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                assertThat(Steps.resume(client, MqttVersion.V5, "sleeper-77777"))
                        .isTrue();
                Steps.receive(client, "kept/x", "to all", 1);
                Steps.ping(client);
            }
        }
    }
}
