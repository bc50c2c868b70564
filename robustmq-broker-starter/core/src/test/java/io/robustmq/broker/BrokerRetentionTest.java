/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.broker.retention.RetentionConfig;
import io.robustmq.broker.retention.RetentionWorker;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.memory.MemoryEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a topic's settings make of its records, through the broker. */
class BrokerRetentionTest {
    private final SimScheduler scheduler = new SimScheduler(3);
    private final SimLoopGroup loops = scheduler.loops("net-", 2);
    private final MemoryEngine engine = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
    private final RetentionWorker worker = new RetentionWorker(
            scheduler.loops("background-", 1).get(0), RetentionConfig.defaults(), UnpooledByteBufAllocator.DEFAULT);
    private Broker broker;

    @BeforeEach
    void start() {
        broker = new Broker(
                BrokerConfig.of(new NodeId(1), 1, List.of(), Map.of(), "memory"),
                new InMemoryMeta(),
                List.of(engine),
                loops,
                loops.get(0),
                scheduler.clock(),
                scheduler.random("broker"),
                new SystemMemoryBudget(64 << 20),
                new AllowAll(),
                UnpooledByteBufAllocator.DEFAULT,
                worker);
        await(broker.start());
        worker.start();
    }

    @AfterEach
    void stop() {
        await(broker.stop());
        engine.close();
    }

    private <T> T await(CompletionStage<T> stage) {
        assertThat(scheduler.runUntil(() -> stage.toCompletableFuture().isDone(), 60_000))
                .isTrue();
        return stage.toCompletableFuture().join();
    }

    private TopicPort topics() {
        return broker.ports().topics();
    }

    private void create(String name, Map<String, String> config) {
        await(topics().create(new TopicPort.TopicRequest(Tenants.DEFAULT, name, 1, List.of(), null, config)));
    }

    private void publish(String topic, String key, String value) {
        await(topics().publish(Tenants.DEFAULT, topic, null, bytes(key), bytes(value)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> values(String topic) {
        return await(topics().read(new TopicPort.ReadRequest(
                        Tenants.DEFAULT, topic, -1, new TopicPort.ReadFrom.Earliest(), 1000)))
                .records()
                .stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aCompactedTopicKeepsTheLastOfEachKey() {
        create("settings", Map.of("cleanup.policy", "compact", "max.compaction.lag.ms", "1000"));
        publish("settings", "a", "1");
        publish("settings", "b", "1");
        publish("settings", "a", "2");
        publish("settings", "newest", "1");
        scheduler.runForMillis(30_000);
        assertThat(values("settings")).containsExactly("1", "2", "1");
        assertThat(worker.counters().recordsRemoved.sum()).isEqualTo(1);
    }

    @Test
    void aRecordWithoutKeyIsRefusedByACompactedTopic() {
        create("settings", Map.of("cleanup.policy", "compact"));
        assertThatThrownBy(() -> await(topics().publish(Tenants.DEFAULT, "settings", null, null, bytes("x"))))
                .hasMessageContaining("key");
        ClientIdentity client = new ClientIdentity(Tenants.DEFAULT, "mqtt", "c", null, "127.0.0.1");
        Publisher publisher = broker.ports()
                .publish()
                .open(client, "mqtt", Spelling.SLASH, "c", loops.get(0), (token, offset, error) -> {});
        assertThat(publish(publisher)).contains(RmqError.KEY_REQUIRED);
        await(topics().alter(Tenants.DEFAULT, "settings", Map.of("cleanup.policy", "delete")));
        assertThat(publish(publisher)).isEmpty();
    }

    /** What it was refused with, on its client's loop. */
    private Optional<RmqError> publish(Publisher publisher) {
        CompletableFuture<Optional<RmqError>> answer = new CompletableFuture<>();
        loops.get(0)
                .execute(() -> answer.complete(
                        Optional.ofNullable(publisher.publish(BrokerFixture.message("settings", "x", 1)))));
        return await(answer);
    }

    @Test
    void aTopicOfInterestKeepsNothingThatNobodyHolds() {
        create("news", Map.of("retention.policy", "interest"));
        publish("news", "k", "1");
        scheduler.runForMillis(5000);
        assertThat(values("news")).isEmpty();
    }

    @Test
    void aTopicLearnsANewPolicyAndAForgottenOneIsNotLookedAfter() {
        create("plain", Map.of());
        int before = worker.shards().size();
        for (int i = 0; i < 5; i++) {
            publish("plain", "k", Integer.toString(i));
        }
        publish("plain", "newest", "n");
        scheduler.runForMillis(5000);
        assertThat(values("plain")).hasSize(6);
        await(topics().alter(Tenants.DEFAULT, "plain", Map.of("retention.policy", "work-queue")));
        scheduler.runForMillis(5000);
        assertThat(values("plain")).as("no group has confirmed them").hasSize(6);
        await(topics().alter(Tenants.DEFAULT, "plain", Map.of("retention.policy", "interest")));
        scheduler.runForMillis(5000);
        assertThat(values("plain")).isEmpty();
        await(topics().delete(Tenants.DEFAULT, "plain"));
        scheduler.runForMillis(1000);
        assertThat(worker.shards()).hasSize(before - 1);
    }
}
