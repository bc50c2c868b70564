/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.Capability;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ShardStats.EpochEnd;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What DURABLE means: what was promised to be on the device is there after whatever else the machine has lost. */
public interface CrashRules extends Rules {

    private void assumeDurable() {
        assumeTrue(bench().engine().capabilities().contains(Capability.DURABLE), "promised by DURABLE engines only");
    }

    private static ShardId shard(int partition) {
        return new ShardId(ConformanceBench.SHARD.topic(), partition);
    }

    private ShardStore open(int partition, int epoch) {
        return bench().open(shard(partition), ConformanceBench.CONFIG, epoch);
    }

    /** Everything that is visible: dense, from the start to the end, and nothing behind it. */
    private List<String> everything(ShardStore store) {
        List<ConformanceBench.Item> items = bench().readAll(store, store.stats().startOffset(), 10_000);
        long next = store.stats().startOffset();
        for (ConformanceBench.Item item : items) {
            assertThat(item.offset()).as("dense").isEqualTo(next++);
        }
        assertThat(store.stats().endOffset()).as("nothing beyond the end").isEqualTo(next);
        return items.stream().map(ConformanceBench.Item::value).toList();
    }

    @Test
    default void aForceCoversWhatTheShardWasGivenBefore() {
        assumeDurable();
        ShardStore store = open(1, 1);
        bench().append(store, bench().batch("memory"), Durability.MEMORY);
        bench().append(store, bench().batch("buffered"), Durability.OS_BUFFER);
        bench().append(store, bench().batch("forced"), Durability.FSYNC);
        bench().append(store, bench().batch("behind"), Durability.MEMORY);
        bench().crash();
        assertThat(everything(open(1, 2))).startsWith("memory", "buffered", "forced");
    }

    /** One round after the other, over what the last crash left. */
    @Test
    default void manyShardsSurviveManyCrashes() {
        assumeDurable();
        long seed = Long.getLong("robustmq.test.seed", 42);
        Random random = new Random(seed);
        int shards = 5;
        List<List<String>> kept = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            kept.add(new ArrayList<>());
        }
        for (int round = 1; round <= 6; round++) {
            List<ShardStore> stores = new ArrayList<>();
            for (int shard = 0; shard < shards; shard++) {
                ShardStore store = open(shard, round);
                List<String> there = everything(store);
                assertThat(there)
                        .as("seed " + seed + ", shard " + shard + ", round " + round)
                        .startsWith(kept.get(shard).toArray(String[]::new));
                kept.set(shard, new ArrayList<>(there));
                stores.add(store);
            }
            List<List<String>> sent = new ArrayList<>(kept.stream()
                    .map(ArrayList::new)
                    .map(list -> (List<String>) list)
                    .toList());
            for (int append = 0; append < 40; append++) {
                int shard = random.nextInt(shards);
                Durability durability = Durability.values()[random.nextInt(3)];
                String value = round + "/" + append + "x".repeat(random.nextInt(300));
                bench().append(stores.get(shard), bench().batch(value), durability);
                sent.get(shard).add(value);
                if (durability == Durability.FSYNC) {
                    kept.set(shard, new ArrayList<>(sent.get(shard)));
                }
            }
            bench().crash();
        }
    }

    @Test
    default void anEpochThatWroteNothingStillFencesAfterACrash() {
        assumeDurable();
        open(1, 7);
        bench().crash();
        bench().awaitFailure(
                        bench().engine().open(shard(1), ConformanceBench.CONFIG, 6, bench().loop()), RmqError.FENCED);
        assertThat(open(1, 7).stats().endOffset()).isZero();
    }

    @Test
    default void epochsAndTheirEndsSurviveACrash() {
        assumeDurable();
        ShardStore first = open(1, 1);
        bench().append(first, bench().batch("a", "b"), Durability.FSYNC);
        ShardStore third = open(1, 3);
        bench().append(third, bench().batch("c"), Durability.FSYNC);
        bench().crash();
        ShardStore fourth = open(1, 4);
        assertThat(fourth.stats().epochs()).containsExactly(new EpochEnd(1, 2), new EpochEnd(3, 3), new EpochEnd(4, 3));
    }

    @Test
    default void aDeletedPrefixStaysDeletedAfterACrash() {
        assumeDurable();
        ShardStore store = open(1, 1);
        for (int append = 0; append < 20; append++) {
            bench().append(store, bench().batch("v" + append), Durability.FSYNC);
        }
        assertThat(bench().await(store.deletePrefix(13))).isEqualTo(13);
        bench().crash();
        ShardStore after = open(1, 2);
        assertThat(after.stats().startOffset()).isEqualTo(13);
        assertThat(everything(after)).hasSize(7).startsWith("v13");
        bench().readRefused(after, 12, RmqError.OUT_OF_RANGE, "13");
    }

    @Test
    default void aReplacementSurvivesACrash() {
        assumeDurable();
        ShardStore store = open(1, 1);
        for (int append = 0; append < 10; append++) {
            bench().append(store, bench().batch("v" + append), Durability.FSYNC);
        }
        RecordBatch compacted = bench().batch("v4");
        compacted.assign(4, 1);
        bench().await(store.replace(new OffsetRange(2, 7), List.of(compacted)));
        bench().crash();
        ShardStore after = open(1, 2);
        assertThat(bench().readAll(after, 0, 10_000).stream()
                        .map(ConformanceBench.Item::value)
                        .toList())
                .containsExactly("v0", "v1", "v4", "v7", "v8", "v9");
        assertThat(after.stats().endOffset()).isEqualTo(10);
        assertThat(bench().append(after, bench().batch("v10"), Durability.FSYNC))
                .isEqualTo(10);
    }

    @Test
    default void derivedStateSurvivesACrash() {
        assumeDurable();
        ShardStore store = open(1, 1);
        bench().append(store, bench().batch("a"), Durability.FSYNC);
        bench().await(store.putState("s", 0, bench().bytes("old")));
        bench().await(store.putState("s", 1, bench().bytes("new")));
        bench().await(store.putState("t", 1, bench().bytes("other")));
        bench().crash();
        StateSnapshot state = bench().await(open(1, 2).getState("s"));
        ByteBuf bytes = state.owned();
        assertThat(state.offset()).isEqualTo(1);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("new");
        bytes.release();
    }

    @Test
    default void aDestroyedShardStaysDestroyedAfterACrash() {
        assumeDurable();
        ShardStore store = open(1, 5);
        bench().append(store, bench().batch("a"), Durability.FSYNC);
        bench().await(store.putState("s", 1, bench().bytes("state")));
        bench().await(bench().engine().destroy(shard(1)));
        bench().crash();
        assertThat(bench().await(bench().engine().stored())).doesNotContain(shard(1));
        ShardStore again = open(1, 1);
        assertThat(again.stats().endOffset()).isZero();
        assertThat(bench().await(again.getState("s")).offset()).isEqualTo(-1);
        assertThat(bench().append(again, bench().batch("new"), Durability.FSYNC))
                .isZero();
    }

    @Test
    default void whatIsStoredIsKnownAfterACrash() {
        assumeDurable();
        bench().append(open(1, 1), bench().batch("a"), Durability.FSYNC);
        bench().append(open(2, 1), bench().batch("a"), Durability.FSYNC);
        bench().crash();
        assertThat(bench().await(bench().engine().stored())).containsExactlyInAnyOrder(shard(1), shard(2));
    }
}
