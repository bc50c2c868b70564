/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.storage.memory.MemoryEngine;
import java.util.List;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stays and what goes, rule by rule. */
class CompactionTest {
    private static final long DELETE_RETENTION = 10_000;

    private RetentionWorld world = world(RetentionWorld.compacted(DELETE_RETENTION));

    private static RetentionWorld world(RetentionPolicy policy) {
        MemoryEngine engine = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
        return new RetentionWorld(1, () -> engine, RetentionWorld.COMPACTED, policy, RetentionWorld.config(4096, 1000));
    }

    private void begin(RetentionPolicy policy) {
        world.close();
        world = world(policy);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void theLastValueOfAKeyStaysAtItsOffset() {
        world.append("a=1", "b=1");
        world.append("a=2");
        world.append("c=1", "a=3");
        world.append("newest=1");
        world.run(1000);
        assertThat(world.texts()).containsExactly("1:b=1", "3:c=1", "4:a=3", "5:newest=1");
        assertThat(world.append("next=1")).isEqualTo(6);
        assertThat(world.shard.status().firstDirty()).isEqualTo(5);
        assertThat(world.worker.counters().recordsRemoved.sum()).isEqualTo(2);
    }

    @Test
    void theNewestBatchIsLeftAlone() {
        world.append("a=1");
        world.append("a=2", "a=3");
        world.run(1000);
        assertThat(world.texts()).as("the newest batch is not looked at").containsExactly("0:a=1", "1:a=2", "2:a=3");
    }

    @Test
    void youngRecordsAreLeftAlone() {
        begin(new RetentionPolicy(Lifetime.LIMITS, true, 0, 60_000, Long.MAX_VALUE, 0.01, 0, 0, 1 << 20));
        world.append("a=1");
        world.append("a=2");
        world.append("newest=1");
        world.run(50_000);
        assertThat(world.texts()).hasSize(3);
        world.run(20_000);
        assertThat(world.texts()).containsExactly("1:a=2", "2:newest=1");
    }

    @Test
    void whatIsNearTheEndIsLeftAloneUnlessItHasWaitedTooLong() {
        begin(new RetentionPolicy(Lifetime.LIMITS, true, 0, 0, 60_000, 0.01, 0, 1000, 1 << 20));
        world.append("a=1");
        world.append("a=2");
        world.append("newest=1");
        world.run(50_000);
        assertThat(world.texts()).hasSize(3);
        world.run(20_000);
        assertThat(world.texts()).containsExactly("1:a=2", "2:newest=1");
    }

    @Test
    void aPassWaitsUntilItIsWorthIt() {
        begin(new RetentionPolicy(Lifetime.LIMITS, true, 0, 0, Long.MAX_VALUE, 0.9, 0, 0, 1 << 20));
        for (int i = 0; i < 20; i++) {
            world.append("k" + i + "=1");
        }
        world.run(1000);
        long passes = world.worker.counters().compactionPasses.sum();
        assertThat(passes).isEqualTo(1);
        world.append("k1=2");
        world.run(10_000);
        assertThat(world.worker.counters().compactionPasses.sum()).isEqualTo(passes);
        assertThat(world.items()).hasSize(21);
    }

    @Test
    void aTombstoneStaysForItsTimeAndGoesThenByItself() {
        world.append("a=1");
        world.append("a");
        world.append("newest=1");
        world.run(1000);
        assertThat(world.texts()).containsExactly("1:a", "2:newest=1");
        assertThat(world.batches().get(0).horizon()).isPositive();
        world.run(DELETE_RETENTION - 2000);
        assertThat(world.texts()).containsExactly("1:a", "2:newest=1");
        world.run(3000);
        assertThat(world.texts()).containsExactly("2:newest=1");
    }

    @Test
    void recordsWithoutKeyFromBeforeGo() {
        world.append("a=1");
        world.appendWithoutKey("lost");
        world.append("newest=1");
        world.run(1000);
        assertThat(world.texts()).containsExactly("0:a=1", "2:newest=1");
    }

    @Test
    void compressionIsKept() {
        for (CompressionType type : CompressionType.values()) {
            world.append(type, -1, "a=" + type, "b=" + type, type + "=1");
        }
        world.append("newest=1");
        world.run(1000);
        assertThat(world.items()).hasSize(CompressionType.values().length + 3);
        assertThat(world.attributes()).containsExactly(0, 1, 2, 3, 4, 0);
    }

    @Test
    void theLastBatchOfAProducerKeepsItsPlaceWithoutRecords() {
        world.append(CompressionType.NONE, 7, "a=1");
        world.append(CompressionType.NONE, 7, "a=2");
        world.append(CompressionType.NONE, 8, "b=1");
        world.append("a=3", "b=2");
        world.append("newest=1");
        world.run(1000);
        assertThat(world.texts()).containsExactly("3:a=3", "4:b=2", "5:newest=1");
        assertThat(world.batches())
                .extracting(RetentionWorld.Batch::base, RetentionWorld.Batch::producerId, RetentionWorld.Batch::records)
                .startsWith(
                        org.assertj.core.groups.Tuple.tuple(1L, 7L, 0), org.assertj.core.groups.Tuple.tuple(2L, 8L, 0));
        world.append(CompressionType.NONE, 7, "c=1");
        world.append("newest=2");
        world.run(1000);
        assertThat(world.batches())
                .extracting(RetentionWorld.Batch::producerId)
                .as("superseded by a later batch of its producer")
                .containsExactly(8L, -1L, -1L, 7L, -1L);
    }

    @Test
    void transactionsAreLeftAloneAndTombstonesBehindThemStay() {
        world.append(CompressionType.NONE, 7, true, "a=1", "a=2");
        world.append("a");
        world.append("b=1");
        world.append("b=2");
        world.append("newest=1");
        world.run(DELETE_RETENTION * 3);
        assertThat(world.texts()).containsExactly("0:a=1", "1:a=2", "2:a", "4:b=2", "5:newest=1");
    }

    @Test
    void aDamagedBatchStopsTheShardAndNothingGoes() {
        world.append("a=1");
        long damaged = world.append("b=1");
        world.append("a=2");
        world.append("newest=1");
        world.store.damagedOffset = damaged;
        world.run(60_000);
        world.store.damagedOffset = -1;
        world.run(60_000);
        assertThat(world.worker.damaged()).containsExactly(RetentionWorld.SHARD);
        assertThat(world.worker.errors().get(RetentionWorld.SHARD))
                .contains("checksum")
                .contains("offset 1");
        assertThat(world.texts()).containsExactly("0:a=1", "1:b=1", "2:a=2", "3:newest=1");
        assertThat(world.worker.counters().compactionFailures.sum()).isEqualTo(1);
    }

    @Test
    void moreKeysThanMemoryIsDoneInSeveralPasses() {
        begin(world.policy);
        world.config = RetentionWorld.config(4096, 4);
        world.crash();
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < 100; key += 20) {
                world.append(java.util.stream.IntStream.range(key, key + 20)
                        .mapToObj(k -> "k" + k + "=v")
                        .toArray(String[]::new));
            }
        }
        world.append("newest=1");
        world.run(60_000);
        assertThat(world.items()).hasSize(101);
        assertThat(world.worker.counters().compactionPasses.sum()).isGreaterThan(5);
    }

    @Test
    void nothingRunsBehindTheEndOfAShard() {
        world.append("a=1");
        world.append("a=2");
        world.append("newest=1");
        world.worker.remove(world.shard);
        world.run(10_000);
        assertThat(world.texts()).hasSize(3);
        assertThat(world.worker.shards()).isEmpty();
    }

    @Test
    void theNewestOfEachSubjectStay() {
        begin(RetentionWorld.perSubject(2));
        for (int i = 0; i < 5; i++) {
            world.append("a=" + i, "b=" + i);
        }
        world.append("c=0");
        world.append("newest=1");
        world.run(1000);
        assertThat(world.texts()).containsExactly("6:a=3", "7:b=3", "8:a=4", "9:b=4", "10:c=0", "11:newest=1");
        world.append("a=5", "c=1", "c=2");
        world.append("newest=2");
        world.run(1000);
        assertThat(world.texts())
                .containsExactly("7:b=3", "8:a=4", "9:b=4", "11:newest=1", "12:a=5", "13:c=1", "14:c=2", "15:newest=2");
        assertThat(List.copyOf(world.worker.errors().keySet())).isEmpty();
    }
}
