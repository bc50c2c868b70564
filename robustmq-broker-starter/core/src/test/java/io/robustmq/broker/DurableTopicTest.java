/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.NodeInfo;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.TopicDescription;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.held.HeldEngine;
import io.robustmq.storage.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where topics live, what they keep over a restart, and how they are changed. */
class DurableTopicTest {
    private final DurableWorld world = new DurableWorld(1, 2);
    private final List<String> acks = new ArrayList<>();

    DurableTopicTest() {
        world.file.releasedAfter(() -> 1);
    }

    @AfterEach
    void nothingIsHeldAtRest() {
        assertThat(world.budget.usedBytes()).as("I8").isZero();
        world.close();
    }

    private void ack(long token, long offset, @Nullable RmqError error) {
        acks.add(token + "@" + offset + (error == null ? "" : " " + error));
    }

    private void publish(String topic, String payload) {
        Publisher publisher = world.publisher("device", world.loops.get(0), this::ack);
        int before = acks.size();
        world.loops.get(0).execute(() -> BrokerFixture.publish(publisher, topic, payload, 1, before));
        world.scheduler.runUntil(() -> acks.size() > before, 60_000);
    }

    private static RmqError errorOf(Throwable failure) {
        return RmqException.errorOf(failure);
    }

    @Test
    void whatDevicesSayIsInMemoryAndWhatSomebodyMadeIsNot() {
        world.start();
        assertThat(world.show("mqtt").engine()).isEqualTo("memory");
        assertThat(world.show("mqtt").isVolatile()).isTrue();
        assertThat(world.show("__retained").engine()).isEqualTo("file");
        TopicDescription made = world.create("orders", null, Map.of());
        assertThat(made.engine()).isEqualTo("file");
        assertThat(made.durability()).isEqualTo("fsync");
        assertThat(made.isVolatile()).isFalse();
        assertThat(made.shards().get(0).disk()).isEqualTo("/disks/held");
        assertThat(world.create("quick", "memory", Map.of()).durability()).isEqualTo("memory");
        assertThatThrownBy(() -> world.create("far", "s3", Map.of()))
                .hasMessageContaining("there is no engine 's3'; this node has [file, memory]");
    }

    @Test
    void internalTopicsPreferTheStoreOfManySmallShardsAndNeverMemory() {
        HeldEngine rocksdb = new HeldEngine(
                        "rocksdb", new MemoryEngine(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT))
                .releasedAfter(() -> 1);
        world.start("memory", world.memory, world.file, rocksdb);
        assertThat(world.show("__retained").engine()).isEqualTo("rocksdb");
        assertThat(world.create("orders", null, Map.of()).engine()).isEqualTo("memory");
    }

    @Test
    void aDefaultIsForNewTopicsOnly() {
        world.start("memory", world.memory, world.file);
        world.create("early", null, Map.of());
        world.stop();
        world.start("file", world.memory, world.file);
        assertThat(world.create("late", null, Map.of()).engine()).isEqualTo("file");
        assertThat(world.show("early").engine()).isEqualTo("memory");
        assertThat(world.show("mqtt").engine()).isEqualTo("memory");
        world.stop();
        world.start("memory", world.memory, world.file);
        assertThat(world.show("late").engine()).isEqualTo("file");
    }

    @Test
    void aStreamIsThereAfterARestartAndGoesOn() {
        world.start();
        world.create("orders", null, Map.of());
        publish("orders", "a");
        publish("orders", "b");
        world.stop();
        world.start();
        publish("orders", "c");
        assertThat(world.values("orders")).containsExactly("a", "b", "c");
        assertThat(acks).containsExactly("0@0", "1@1", "2@2");
    }

    @Test
    void aTopicWhoseEngineIsMissingRefusesAndLosesNothing() {
        world.start();
        world.create("orders", null, Map.of());
        publish("orders", "a");
        world.stop();

        world.start("", world.memory);
        TopicDescription shown = world.show("orders");
        assertThat(shown.shards().get(0).problem()).contains("this node has no engine 'file'; it has [memory]");
        publish("orders", "b");
        publish("other", "c");
        assertThat(acks).containsExactly("0@0", "1@-1 UNAVAILABLE", "2@0");
        assertThat(world.values("mqtt")).as("not for the catch-all").containsExactly("c");
        assertThatThrownBy(() -> world.records("orders")).hasMessageContaining("no engine 'file'");
        world.stop();

        world.start();
        assertThat(world.show("orders").shards().get(0).problem()).isNull();
        assertThat(world.values("orders")).containsExactly("a");
    }

    @Test
    void aShardThatCannotBeOpenedDoesNotKeepTheNodeFromStarting() {
        world.start();
        world.create("orders", null, Map.of());
        world.stop();
        world.file.failOpening(RmqError.STORAGE_FAILED);
        world.start();
        publish("orders", "a");
        assertThat(acks).containsExactly("0@-1 STORAGE_FAILED");
        assertThat(world.show("orders").shards().get(0).problem()).contains("the disk does not want to");
        world.file.failOpening(null);
    }

    @Test
    void aTopicThatItsEngineRefusesIsNotLeftBehind() {
        world.start();
        world.file.failOpening(RmqError.INVALID_CONFIG);
        assertThatThrownBy(() -> world.create("orders", null, Map.of()))
                .satisfies(failure -> assertThat(errorOf(failure)).isEqualTo(RmqError.INVALID_CONFIG));
        assertThat(world.meta.image().topic(Tenants.DEFAULT, "orders")).isNull();
        world.file.failOpening(null);
        assertThat(world.create("orders", null, Map.of()).shards().get(0).problem())
                .isNull();
    }

    @Test
    void aShardThatLiesOnAnotherNodeIsLeftToIt() {
        world.start();
        NodeId other = new NodeId(2);
        world.await(world.meta.submit(new MetaCommand.RegisterNode(
                new NodeInfo(other, 1, Set.of("broker"), "127.0.0.1:1229", Map.of(), true))));
        world.stop();
        TopicId id = new TopicId(7, 7);
        world.await(world.meta.submit(new MetaCommand.CreateTopic(
                Tenants.DEFAULT, "theirs", id, 1, List.of("theirs"), "file", false, TopicConfig.EMPTY, 0)));
        world.await(world.meta.submit(new MetaCommand.ClaimShard(new ShardId(id, 0), other, 1, 0)));
        world.start();
        assertThat(world.show("theirs").shards().get(0).problem()).contains("it lies on node 2");
        assertThat(world.show("theirs").shards().get(0).owner()).isEqualTo(2);
        publish("theirs", "a");
        assertThat(acks).containsExactly("0@-1 NOT_OWNER");
    }

    @Test
    void deletedAndMadeAgainItIsAnotherTopicAndEmpty() {
        world.start();
        String id = world.create("orders", null, Map.of()).id();
        publish("orders", "a");
        Set<ShardId> before = Set.copyOf(world.await(world.file.stored()));
        world.await(world.ports.topics().delete(Tenants.DEFAULT, "orders"));
        world.scheduler.runUntil(
                () -> world.file.stored().toCompletableFuture().join().size() < before.size(), 60_000);
        assertThat(world.create("orders", null, Map.of()).id()).isNotEqualTo(id);
        assertThat(world.values("orders")).isEmpty();
        publish("orders", "b");
        assertThat(acks).containsExactly("0@0", "1@0");
    }

    @Test
    void whatWasDeletedWhileTheNodeWasDownIsDestroyedAtStart() {
        world.start();
        world.create("orders", null, Map.of());
        world.create("kept", null, Map.of());
        publish("kept", "a");
        TopicInfo orders = world.meta.image().topic(Tenants.DEFAULT, "orders");
        world.stop();
        world.await(world.meta.submit(new MetaCommand.DeleteTopic(Tenants.DEFAULT, "orders", orders.id())));
        assertThat(world.await(world.file.stored())).contains(new ShardId(orders.id(), 0));
        world.start();
        assertThat(world.await(world.file.stored())).doesNotContain(new ShardId(orders.id(), 0));
        assertThat(world.values("kept")).containsExactly("a");
    }

    @Test
    void shardsThatTheImageCannotSpeakForAreLeftAlone() {
        BrokerConfig config = BrokerConfig.of(DurableWorld.NODE, 9, List.of(), Map.of(), "");
        world.start();
        world.create("orders", null, Map.of());
        Set<ShardId> stored = world.await(world.file.stored());
        Orphans another = new Orphans(config, List.<ShardEngine>of(world.file));
        TopicInfo orders = world.meta.image().topic(Tenants.DEFAULT, "orders");
        world.stop();
        world.await(world.meta.submit(new MetaCommand.DeleteTopic(Tenants.DEFAULT, "orders", orders.id())));
        world.await(another.destroy(world.meta.image()));
        assertThat(world.await(world.file.stored()))
                .as("an image of before this life of the node")
                .isEqualTo(stored);
        world.await(another.destroy(new DurableWorld(1, 1).meta.image()));
        assertThat(world.await(world.file.stored())).as("an empty image").isEqualTo(stored);
        world.start();
        assertThat(world.await(world.file.stored())).hasSizeLessThan(stored.size());
    }

    @Test
    void settingsAreAlteredLiveAndTheEngineIsNot() {
        world.start();
        world.create("orders", null, Map.of("retention.records", "10"));
        publish("orders", "a");
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("durability", "interval=50ms");
        changes.put("retention.ms", "60000");
        changes.put("retention.records", null);
        world.await(world.ports.topics().alter(Tenants.DEFAULT, "orders", changes));
        world.scheduler.runUntilQuiet();

        assertThat(world.show("orders").config()).containsOnlyKeys("durability", "retention.ms");
        assertThat(world.show("orders").durability()).isEqualTo("interval=50ms");
        ShardConfig told = world.file.configs().get(world.file.configs().size() - 1);
        assertThat(told.retentionMillis()).isEqualTo(60_000);
        assertThat(told.retentionRecords()).isEqualTo(-1);
        assertThat(told.flushIntervalMillis()).isEqualTo(50);
        publish("orders", "b");
        assertThat(world.file.asked()).containsExactly(Durability.FSYNC, Durability.OS_BUFFER);
        assertThat(acks).containsExactly("0@0", "1@1");

        assertThatThrownBy(() -> world.await(
                        world.ports.topics().alter(Tenants.DEFAULT, "orders", Map.of("retention.ms", "never"))))
                .hasMessageContaining("must be a whole number");
        assertThatThrownBy(() -> world.await(
                        world.ports.topics().alter(Tenants.DEFAULT, "__retained", Map.of("retention.ms", "1"))))
                .hasMessageContaining("internal");
        world.stop();
        world.start();
        assertThat(world.show("orders").durability()).isEqualTo("interval=50ms");
    }

    @Test
    void recordsAreDeletedUpToAnOffsetThatIsThere() {
        world.start();
        world.create("orders", null, Map.of());
        for (String value : List.of("a", "b", "c")) {
            publish("orders", value);
        }
        TopicPort topics = world.ports.topics();
        assertThat(world.await(topics.deleteRecords(Tenants.DEFAULT, "orders", 0, 2)))
                .isEqualTo(2);
        assertThat(world.values("orders")).containsExactly("c");
        assertThatThrownBy(() -> world.await(topics.deleteRecords(Tenants.DEFAULT, "orders", 0, 4)))
                .satisfies(failure -> assertThat(errorOf(failure)).isEqualTo(RmqError.OUT_OF_RANGE));
        assertThatThrownBy(() -> world.await(topics.deleteRecords(Tenants.DEFAULT, "orders", 1, 0)))
                .hasMessageContaining("partitions 0 to 0");
        assertThat(world.await(topics.deleteRecords(Tenants.DEFAULT, "orders", 0, -1)))
                .isEqualTo(3);
        assertThat(world.show("orders").shards().get(0).startOffset()).isEqualTo(3);
        assertThat(world.values("orders")).isEmpty();
        publish("orders", "d");
        assertThat(acks.get(3)).isEqualTo("3@3");
    }

    @Test
    void qos0AsksForNoForceAndIsDeliveredBeforeItIsKept() {
        world.start();
        world.create("orders", null, Map.of());
        RecordingSink sink = new RecordingSink(world.loops.get(1));
        world.ports.subscribe().add(Tenants.DEFAULT, sink.to("orders"));
        world.file.hold();
        Publisher publisher = world.publisher("device", world.loops.get(0), this::ack);
        world.on(world.loops.get(0), () -> BrokerFixture.publish(publisher, "orders", "live", 0, Publish.NO_TOKEN));
        assertThat(sink.received).containsExactly("orders=live");
        assertThat(world.values("orders")).isEmpty();
        assertThat(world.file.held()).isEqualTo(1);
        assertThat(world.file.asked()).containsExactly(Durability.OS_BUFFER);

        world.file.release();
        world.scheduler.runUntilQuiet();
        assertThat(world.values("orders")).containsExactly("live");
        assertThat(sink.received).as("once").containsExactly("orders=live");
    }

    @Test
    void anAcknowledgementWaitsForTheDiskAndAFailureIsTold() {
        world.start();
        world.create("orders", null, Map.of());
        RecordingSink sink = new RecordingSink(world.loops.get(1));
        world.ports.subscribe().add(Tenants.DEFAULT, sink.to("orders"));
        world.file.hold();
        Publisher publisher = world.publisher("device", world.loops.get(0), this::ack);
        world.on(world.loops.get(0), () -> BrokerFixture.publish(publisher, "orders", "one", 1, 1));
        assertThat(acks).isEmpty();
        assertThat(sink.received).isEmpty();
        assertThat(world.budget.usedBytes()).isPositive();
        world.file.release();
        world.scheduler.runUntilQuiet();
        assertThat(acks).containsExactly("1@0");
        assertThat(sink.received).containsExactly("orders=one");

        for (RmqError error : List.of(RmqError.STORAGE_FULL, RmqError.STORAGE_FAILED, RmqError.FENCED)) {
            world.file.failAppends(error);
            world.on(world.loops.get(0), () -> {
                BrokerFixture.publish(publisher, "orders", "refused", 1, 2);
                BrokerFixture.publish(publisher, "orders", "live", 0, Publish.NO_TOKEN);
            });
            world.file.release();
            world.scheduler.runUntilQuiet();
            assertThat(acks).last().isEqualTo("2@-1 " + error);
        }
        assertThat(sink.received).containsExactly("orders=one", "orders=live", "orders=live", "orders=live");
        assertThat(world.values("orders")).containsExactly("one");
        world.file.failAppends(null);
    }

    @Test
    void whoWaitsForADeletedTopicIsTold() {
        world.start();
        world.create("orders", null, Map.of());
        world.file.hold();
        Publisher publisher = world.publisher("device", world.loops.get(0), this::ack);
        world.on(world.loops.get(0), () -> BrokerFixture.publish(publisher, "orders", "one", 1, 1));
        world.await(world.ports.topics().delete(Tenants.DEFAULT, "orders"));
        world.scheduler.runUntilQuiet();
        assertThat(acks).containsExactly("1@-1 CLOSED");
        assertThat(new RmqException(RmqError.CLOSED, "").error().kind()).isEqualTo(io.robustmq.kernel.ErrorKind.RETRY);
    }
}
