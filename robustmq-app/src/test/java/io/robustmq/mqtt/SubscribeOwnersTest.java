/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.StoredSubscription;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.held.HeldEngine;
import io.robustmq.storage.memory.MemoryEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a durable session subscribes to while a part of the log has no owner: SUBACK promises nothing that nobody can keep. */
class SubscribeOwnersTest {
    private static final long REFUSED_AFTER_MILLIS = 300;

    @TempDir
    Path data;

    private final InMemoryMeta meta = new InMemoryMeta();
    private final HeldEngine file = engine();
    private InProcessBroker broker;

    private static HeldEngine engine() {
        return new HeldEngine("file", new MemoryEngine(PooledByteBufAllocator.DEFAULT)).releasedAfter(() -> 0);
    }

    private InProcessBroker.Options options(HeldEngine engine) {
        return InProcessBroker.options().data(data).meta(meta).engine(engine);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    /** A node that comes back and cannot open the topic {@code shut}. */
    private void start(long timeoutMillis) {
        try (InProcessBroker before = options(engine()).start()) {
            create(before, "shut");
        }
        file.failOpening(RmqError.STORAGE_FAILED);
        broker = options(file)
                .limits(MqttLimits.DEFAULTS.withSubscribeTimeout(timeoutMillis))
                .start();
        assertThat(file.refused()).hasSize(1);
    }

    private static void create(InProcessBroker where, String topic) {
        where.create(new TopicPort.TopicRequest(Tenants.DEFAULT, topic, 1, List.of(topic + "/#"), "file", Map.of()));
    }

    private MqttRawClient client(MqttVersion version, String id) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), version);
        Steps.resume(client, version, id);
        return client;
    }

    private List<String> kept(String id) {
        SessionImage image = broker.broker()
                .ports()
                .sessions()
                .show(Tenants.DEFAULT, id)
                .toCompletableFuture()
                .join();
        return image.subscriptions().stream().map(StoredSubscription::filter).toList();
    }

    private static SubscriptionRequest filter(String filter) {
        return new SubscriptionRequest(filter, 1);
    }

    /** 0x83, or 0x80 to those who know no other; the other filters of the packet are granted and kept. */
    @ParameterizedTest
    @EnumSource
    void refusesWhatNobodyCanPromise(MqttVersion version) {
        start(REFUSED_AFTER_MILLIS);
        try (MqttRawClient client = client(version, "s");
                MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), version, "p")) {
            int refusal = version == MqttVersion.V5 ? 0x83 : 0x80;
            client.subscribe(7, MqttProperties.NONE, filter("shut/x"), filter("open/x"), filter("shut/#"))
                    .expectSubAck(7, refusal, 1, refusal);
            assertThat(kept("s")).containsExactly("open/x");
            Steps.publish(publisher, "open/x", "comes", 1);
            Steps.receive(client, "open/x", "comes", 1);
            // What there was before stays, and its options may change: it is known what it is owed.
            client.subscribe(8, MqttProperties.NONE, new SubscriptionRequest("open/x", 2))
                    .expectSubAck(8, 2);
            Steps.leave(client);
        }
        try (MqttRawClient clean = MqttRawClient.connected(broker.tcpPort(), version, "c")) {
            // A session that ends with its connection is owed what arrives, and nothing of a log.
            clean.subscribe(1, MqttProperties.NONE, filter("shut/x")).expectSubAck(1, 1);
        }
    }

    /** The owner comes back in time: SUBACK waits for it, and what is published behind it arrives. */
    @Test
    void waitsForAnOwner() {
        start(30_000);
        try (MqttRawClient client = client(MqttVersion.V5, "s");
                MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "p")) {
            client.subscribe(1, MqttProperties.NONE, filter("shut/#"));
            Steps.ping(client);
            assertThat(kept("s")).isEmpty();
            file.failOpening(null);
            client.expectSubAck(1, 1);
            Steps.publish(publisher, "shut/x", "live", 1);
            Steps.receive(client, "shut/x", "live", 1);
            Steps.leave(client);
            Steps.publish(publisher, "shut/x", "asleep", 1);
        }
        try (MqttRawClient client = client(MqttVersion.V5, "s")) {
            Steps.receive(client, "shut/x", "asleep", 1);
            Steps.ping(client);
        }
    }

    /** Whoever does not want it any more before it was granted does not get it in the end. */
    @Test
    void unsubscribesWhatIsNotGrantedYet() {
        start(30_000);
        try (MqttRawClient client = client(MqttVersion.V5, "s")) {
            client.subscribe(1, MqttProperties.NONE, filter("shut/#"), filter("shut/x"));
            client.unsubscribe(2, "shut/#").expectUnsubAck(2, 0);
            file.failOpening(null);
            client.expectSubAck(1, 1, 1);
            assertThat(kept("s")).containsExactly("shut/x");
            Steps.leave(client);
        }
    }

    /** An exclusive filter is owed what its session sleeps through, as any other. */
    @Test
    void exclusiveFiltersHaveAPlace() {
        start(REFUSED_AFTER_MILLIS);
        file.failOpening(null);
        create(broker, "later");
        try (MqttRawClient client = client(MqttVersion.V5, "s");
                MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "p")) {
            client.subscribe(1, MqttProperties.NONE, filter("$exclusive/later/x"))
                    .expectSubAck(1, 1);
            Steps.leave(client);
            Steps.publish(publisher, "later/x", "asleep", 1);
        }
        try (MqttRawClient client = client(MqttVersion.V5, "s")) {
            Steps.receive(client, "later/x", "asleep", 1);
        }
    }
}
