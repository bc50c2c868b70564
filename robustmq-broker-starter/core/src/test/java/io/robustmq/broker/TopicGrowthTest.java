/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort.TopicDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics that get more partitions, and what their settings do to batches on the way in. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopicGrowthTest {
    private static final ClientIdentity CLIENT = new ClientIdentity(Tenants.DEFAULT, "kafka", "c", null, "127.0.0.1");

    private final DurableWorld world = new DurableWorld(5, 2);
    private final List<RmqError> acks = new ArrayList<>();

    @BeforeEach
    void appendsTakeAWhile() {
        world.file.releasedAfter(() -> 1);
    }

    @AfterEach
    void nothingIsHeldAtRest() {
        assertThat(world.budget.usedBytes()).as("I8").isZero();
        world.close();
    }

    private TopicDescription grow(String topic, int partitions) {
        return Objects.requireNonNull(
                world.await(world.ports.topics().addPartitions(Tenants.DEFAULT, topic, partitions, false)));
    }

    private LogTopic log(String topic) {
        return Objects.requireNonNull(world.ports.log().topic(Tenants.DEFAULT, topic));
    }

    private long append(String topic, int partition, String... values) {
        CompletableFuture<Long> appended = new CompletableFuture<>();
        world.loops
                .get(0)
                .execute(() -> log(topic)
                        .partition(partition)
                        .append(
                                RecordBatches.ofValues(1000, values),
                                true,
                                CLIENT,
                                world.loops.get(0),
                                (base, time, failure) -> {
                                    if (failure == null) {
                                        appended.complete(base);
                                    } else {
                                        appended.completeExceptionally(failure);
                                    }
                                }));
        return Objects.requireNonNull(world.await(appended));
    }

    private RecordBatch first(String topic) {
        CompletableFuture<RecordBatch> read = new CompletableFuture<>();
        log(topic).partition(0).read(0, 1 << 20, world.loops.get(0), (owned, highWatermark, failure) -> {
            if (failure == null) {
                read.complete(new RecordBatch(Objects.requireNonNull(owned)));
            } else {
                read.completeExceptionally(failure);
            }
        });
        return Objects.requireNonNull(world.await(read));
    }

    @Test
    void partitionsThatAreAddedServeAtOnceAndAfterARestart() {
        world.start();
        world.create("orders", null, Map.of());
        append("orders", 0, "a");

        assertThat(grow("orders", 3).shards()).hasSize(3).allMatch(shard -> shard.problem() == null);
        assertThat(grow("orders", 4).partitions()).isEqualTo(4);
        assertThat(append("orders", 3, "b", "c")).isZero();
        assertThat(log("orders").partitions()).isEqualTo(4);
        world.stop();
        world.start();

        assertThat(append("orders", 3, "d")).isEqualTo(2);
        assertThat(world.values("orders")).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void aTopicThatGrowsCanBeDeletedAndMadeAnew() {
        world.start();
        world.create("orders", null, Map.of());
        var growing = world.ports.topics().addPartitions(Tenants.DEFAULT, "orders", 8, false);
        var deleted = world.ports.topics().delete(Tenants.DEFAULT, "orders");
        world.await(deleted);
        world.await(growing.handle((grown, failure) -> null));

        assertThat(world.create("orders", null, Map.of()).partitions()).isEqualTo(1);
        assertThat(log("orders").partitions()).isEqualTo(1);
        assertThat(append("orders", 0, "a")).isZero();
    }

    @Test
    void whereSubjectsChooseThePartitionNoneIsAdded() {
        world.start();
        world.create("orders", null, Map.of());
        assertThatThrownBy(() -> grow("mqtt", 32)).hasMessageContaining("placed by their subject");
        assertThatThrownBy(() -> grow("orders", 1)).hasMessageContaining("it can have more");
        assertThatThrownBy(() -> grow("orders", 10_001)).hasMessageContaining("up to 10000");
        assertThatThrownBy(() -> grow("__retained", 9)).hasMessageContaining("internal");
        assertThatThrownBy(() -> grow("nobody", 9)).hasMessageContaining("there is no topic");
    }

    @Test
    void theEndOfEachEpochIsKnownAfterItsOwnerHasGone() {
        world.start();
        world.create("orders", null, Map.of());
        append("orders", 0, "a", "b");
        world.stop();
        world.start();
        append("orders", 0, "c");
        LogPartition partition = log("orders").partition(0);

        assertThat(partition.epoch()).isEqualTo(2);
        assertThat(partition.endOf(1)).isEqualTo(new LogPartition.EpochEnd(1, 2));
        assertThat(partition.endOf(2)).isEqualTo(new LogPartition.EpochEnd(2, 3));
        assertThat(partition.endOf(0)).as("older than all").isEqualTo(new LogPartition.EpochEnd(0, 0));
        assertThat(partition.endOf(3)).as("not yet").isEqualTo(new LogPartition.EpochEnd(-1, -1));
        assertThat(partition.epochOf(1)).isEqualTo(1);
        assertThat(partition.epochOf(2)).isEqualTo(2);
        assertThat(partition.epochOf(3)).isEqualTo(2);
    }

    private void publish(String topic, int count, int size) {
        Publisher publisher = world.publisher("device", world.loops.get(0), (token, offset, error) -> acks.add(error));
        world.loops.get(0).execute(() -> {
            for (int i = 0; i < count; i++) {
                BrokerFixture.publish(publisher, topic, "x".repeat(size), 1, i);
            }
        });
        world.scheduler.runUntil(() -> acks.size() == count, 60_000);
    }

    @Test
    void whatDevicesPublishIsPackedAndStampedToo() {
        world.start();
        world.create("orders", null, Map.of("compression.type", "gzip", "message.timestamp.type", "LogAppendTime"));
        publish("orders", 3, 400);
        RecordBatch stored = first("orders");

        assertThat(acks).containsOnly((RmqError) null);
        assertThat(stored.compression()).isEqualTo(1);
        assertThat(stored.hasAppendTime()).isTrue();
        assertThat(stored.crc()).isEqualTo(RecordBatches.computeCrc(stored));
        stored.release();
        assertThat(world.values("orders")).hasSize(3).allMatch(value -> value.length() == 400);
    }

    @Test
    void messagesOfOneTurnAreNotRefusedForBeingMany() {
        world.start();
        world.create("orders", null, Map.of("max.message.bytes", "1024"));
        publish("orders", 20, 600);

        assertThat(acks).hasSize(20).containsOnly((RmqError) null);
        acks.clear();
        publish("orders", 1, 2000);
        assertThat(acks).containsExactly(RmqError.PAYLOAD_TOO_LARGE);
    }

    @Test
    void whatWouldBeMadeIsCheckedAndNotMade() {
        world.start();
        world.create("orders", null, Map.of());
        var ports = world.ports.topics();
        var wanted = new io.robustmq.protocol.TopicPort.TopicRequest(
                Tenants.DEFAULT, "other", 3, List.of("orders"), null, Map.of());

        assertThatThrownBy(() -> world.await(ports.validate(wanted)))
                .satisfies(failure -> assertThat(io.robustmq.kernel.RmqException.errorOf(failure))
                        .isEqualTo(RmqError.BINDING_CONFLICT));
        var fine = new io.robustmq.protocol.TopicPort.TopicRequest(
                Tenants.DEFAULT, "other", 3, List.of(), null, Map.of("retention.ms", "5000"));
        TopicDescription described = Objects.requireNonNull(world.await(ports.validate(fine)));
        assertThat(described.partitions()).isEqualTo(3);
        assertThat(ports.settings(described)).anySatisfy(setting -> {
            assertThat(setting.name()).isEqualTo("retention.ms");
            assertThat(setting.set()).isTrue();
            assertThat(setting.byDefault()).isEqualTo("604800000");
        });
        assertThat(ports.list(Tenants.DEFAULT, false))
                .noneMatch(topic -> topic.name().equals("other"));
    }
}
