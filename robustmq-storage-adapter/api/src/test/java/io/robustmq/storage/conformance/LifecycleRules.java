/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.Capability;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Opening, closing, destroying, crashing; and that each callback fires exactly once whatever happens. */
public interface LifecycleRules extends Rules {

    @Test
    default void aClosedStoreKeepsItsDataForTheNextOwner() {
        ShardStore first = bench().open(1);
        bench().append(first, bench().batch("a", "b"));
        bench().await(first.close());
        ShardStore second = bench().open(2);
        assertThat(bench().read(second, 0).values()).containsExactly("a", "b");
        assertThat(bench().append(second, bench().batch("c"))).isEqualTo(2);
        bench().await(second.close());
        ShardStore sameEpoch = bench().open(2);
        assertThat(bench().append(sameEpoch, bench().batch("d"))).isEqualTo(3);
    }

    @Test
    default void aClosedStoreAnswersClosed() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("a"));
        bench().await(store.close());
        bench().appendRefused(store, bench().batch("late"), RmqError.CLOSED);
        bench().readRefused(store, 0, RmqError.CLOSED, "closed");
        bench().awaitFailure(store.deletePrefix(1), RmqError.CLOSED);
        bench().awaitFailure(store.offsetForTimestamp(0), RmqError.CLOSED);
        bench().awaitFailure(store.replace(new OffsetRange(0, 1), List.of(bench().batch("x"))), RmqError.CLOSED);
        bench().awaitFailure(store.putState("s", 0, bench().bytes("x")), RmqError.CLOSED);
        bench().awaitFailure(store.getState("s"), RmqError.CLOSED);
        bench().awaitFailure(store.update(ConformanceBench.CONFIG), RmqError.CLOSED);
        bench().await(store.close());
    }

    @Test
    default void everyCallbackFiresExactlyOnceWhenTheStoreCloses() {
        ShardStore store = bench().open(1);
        List<ConformanceBench.Recorded> appends = new ArrayList<>();
        List<ConformanceBench.Answer> reads = new ArrayList<>();
        for (int append = 0; append < 20; append++) {
            store.append(
                    bench().batch("v"),
                    Durability.FSYNC,
                    (base, failure) -> appends.add(new ConformanceBench.Recorded(base, failure)));
            store.read(
                    0,
                    ReadLimits.ofBytes(1000),
                    bench().loop(),
                    (owned, highWatermark, failure) ->
                            reads.add(ConformanceBench.decode(owned, highWatermark, failure)));
        }
        bench().await(store.close());
        bench().awaitUntil("all callbacks fire", () -> appends.size() >= 20 && reads.size() >= 20);
        bench().loop().turn();
        assertThat(appends).hasSize(20);
        assertThat(reads).hasSize(20);
        ShardStore next = bench().open(2);
        long acknowledged =
                appends.stream().filter(outcome -> outcome.failure() == null).count();
        assertThat(next.stats().endOffset())
                .as("what was acknowledged is there")
                .isGreaterThanOrEqualTo(acknowledged);
        appends.stream()
                .filter(outcome -> outcome.failure() != null)
                .forEach(outcome -> assertThat(outcome.failure().error()).isEqualTo(RmqError.CLOSED));
    }

    @Test
    default void everyCallbackFiresExactlyOnceWhenTheEngineCloses() {
        ShardStore store = bench().open(1);
        List<Long> completed = new ArrayList<>();
        for (int append = 0; append < 20; append++) {
            store.append(bench().batch("v"), Durability.FSYNC, (base, failure) -> completed.add(base));
        }
        bench().engine().close();
        bench().awaitUntil("all callbacks fire", () -> completed.size() >= 20);
        bench().loop().turn();
        assertThat(completed).hasSize(20);
        bench().appendRefused(store, bench().batch("late"), RmqError.CLOSED);
        bench().readRefused(store, 0, RmqError.CLOSED, "closed");
        bench().awaitFailure(
                        bench().engine().open(ConformanceBench.SHARD, ConformanceBench.CONFIG, 9, bench().loop()),
                        RmqError.CLOSED);
    }

    @Test
    default void aDestroyedShardStartsAtZero() {
        ShardStore store = bench().open(5);
        bench().append(store, bench().batch("a", "b"));
        bench().await(store.putState("s", 2, bench().bytes("state")));
        bench().await(bench().engine().destroy(ConformanceBench.SHARD));
        bench().appendRefused(store, bench().batch("late"), RmqError.CLOSED);
        ShardStore again = bench().open(1);
        assertThat(again.stats().endOffset()).isZero();
        assertThat(bench().await(again.getState("s")).offset()).isEqualTo(-1);
        assertThat(bench().append(again, bench().batch("new"))).isZero();
        assertThat(bench().read(again, 0).values()).containsExactly("new");
    }

    @Test
    default void destroyingWhatIsNotThereIsNoError() {
        bench().await(bench().engine().destroy(new ShardId(ConformanceBench.SHARD.topic(), 99)));
        ShardStore store = bench().open(1);
        assertThat(store.stats().endOffset()).isZero();
    }

    @Test
    default void shardsAreIndependent() {
        ShardStore one = bench().open(1);
        ShardId otherId = new ShardId(ConformanceBench.SHARD.topic(), 4);
        ShardStore other = bench().open(otherId, ConformanceBench.CONFIG, 7);
        bench().append(one, bench().batch("one"));
        assertThat(bench().append(other, bench().batch("other"))).isZero();
        bench().await(bench().engine().destroy(otherId));
        assertThat(bench().read(one, 0).values()).containsExactly("one");
    }

    @Test
    default void aHighWatermarkNeverGoesBackAlongEpochs() {
        long before = 0;
        for (int epoch = 1; epoch < 6; epoch++) {
            ShardStore store = bench().open(epoch);
            assertThat(store.stats().highWatermark()).isGreaterThanOrEqualTo(before);
            bench().append(store, bench().batch("e" + epoch));
            before = store.stats().highWatermark();
        }
        assertThat(before).isEqualTo(5);
    }

    @Test
    default void whatWasForcedSurvivesACrash() {
        assumeTrue(bench().engine().capabilities().contains(Capability.DURABLE), "promised by DURABLE engines only");
        ShardStore store = bench().open(1);
        for (int append = 0; append < 30; append++) {
            bench().append(store, bench().batch("v" + append), Durability.FSYNC);
        }
        bench().await(store.putState("s", 30, bench().bytes("state")));
        bench().append(store, bench().batch("forced"), Durability.FSYNC);
        bench().append(store, bench().batch("maybe"), Durability.MEMORY);
        bench().crash();
        ShardStore after = bench().open(2);
        List<ConformanceBench.Item> all = bench().readAll(after, 0, 1 << 20);
        assertThat(all).hasSizeBetween(31, 32);
        for (int append = 0; append < 30; append++) {
            assertThat(all.get(append).value()).isEqualTo("v" + append);
        }
        assertThat(all.get(30).value()).isEqualTo("forced");
        assertThat(after.stats().endOffset()).as("nothing beyond the end").isEqualTo(all.size());
        assertThat(bench().append(after, bench().batch("next"))).isEqualTo(all.size());
        bench().awaitFailure(
                        bench().engine().open(ConformanceBench.SHARD, ConformanceBench.CONFIG, 1, bench().loop()),
                        RmqError.FENCED);
    }

    @Test
    default void aDurableEngineFindsItsDataAgain() {
        assumeTrue(bench().engine().capabilities().contains(Capability.DURABLE), "promised by DURABLE engines only");
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("a", "b"), Durability.FSYNC);
        bench().await(store.deletePrefix(1));
        bench().restart();
        ShardStore after = bench().open(1);
        assertThat(after.stats().startOffset()).isEqualTo(1);
        assertThat(bench().read(after, 1).values()).contains("b");
    }

    @Test
    default void aVolatileEngineStartsEmptyAndTakesAnyEpoch() {
        assumeFalse(bench().engine().capabilities().contains(Capability.DURABLE), "the opposite of DURABLE");
        ShardStore store = bench().open(5);
        bench().append(store, bench().batch("a", "b"), Durability.FSYNC);
        bench().restart();
        ShardStore after = bench().open(1);
        assertThat(after.stats().endOffset()).isZero();
        assertThat(bench().append(after, bench().batch("new"))).isZero();
    }

    @Test
    default void anEngineThatCannotKeepAllRefusesToTry() {
        ShardConfig unlimited = new ShardConfig(-1, -1, -1, 1 << 20, false);
        var opened = bench().engine().open(ConformanceBench.SHARD, unlimited, 1, bench().loop());
        if (bench().engine().capabilities().contains(Capability.DURABLE)) {
            assertThat(bench().await(opened).stats().endOffset()).isZero();
        } else {
            bench().awaitFailure(opened, RmqError.INVALID_CONFIG);
        }
    }
}
