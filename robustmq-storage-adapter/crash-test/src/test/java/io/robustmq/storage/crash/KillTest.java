/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.conformance.ConformanceBench;
import io.robustmq.storage.conformance.EngineFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a process that appends at full speed, again and again over the same directory, and compares what is left with what it
 * had acknowledged. {@code -Drobustmq.test.seed} repeats the rounds of a seed (not their timing),
 * {@code -Drobustmq.test.rounds} says how many.
 */
class KillTest {
    private static final Logger LOG = LoggerFactory.getLogger(KillTest.class);
    private static final int SHARDS = 12;
    private static final long FIRST_SEED = 20_260_101;

    @TempDir
    Path temp;

    /** Over what the killed process left. */
    private record Left(String engine, Path directory) implements EngineFixture {
        @Override
        public ShardEngine start() {
            return CrashEngines.start(engine, directory);
        }

        @Override
        public long heldBytes() {
            return 0;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "file"})
    void whatWasAcknowledgedSurvivesKills(String engine) throws Exception {
        long seed = Long.getLong("robustmq.test.seed", FIRST_SEED);
        int rounds = Integer.getInteger("robustmq.test.rounds", 100);
        LOG.info("{} rounds on {}, seed {}", rounds, engine, seed);
        Random random = new Random(seed);
        Path directory = temp.resolve(engine);
        List<ShardModel> models =
                IntStream.range(0, SHARDS).mapToObj(ShardModel::new).toList();
        long heard = 0;
        VictimProcess next = VictimProcess.start(engine, directory, temp);
        try {
            for (int round = 1; round <= rounds; round++) {
                VictimProcess victim = next;
                List<Told> told = victim.killed(round, random.nextLong(), SHARDS, random);
                next = VictimProcess.start(engine, directory, temp);
                heard += told.size();
                try {
                    told.forEach(line -> models.get(line.shard()).hear(line));
                    verify(engine, directory, models, round);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(
                            "round " + round + ", seed " + seed + " (-Drobustmq.test.seed=" + seed + "): "
                                    + e.getMessage(),
                            e);
                }
            }
        } finally {
            next.end();
        }
        LOG.info("{} lines were told by {} processes", heard, rounds);
        assertThat(heard).as("the writers did write").isGreaterThan(rounds * 100L);
    }

    private void verify(String engine, Path directory, List<ShardModel> models, long round) {
        try (ConformanceBench bench = new ConformanceBench(new Left(engine, directory))) {
            for (int shard = 0; shard < models.size(); shard++) {
                verify(bench, CrashEngines.shard(shard), models.get(shard), round);
            }
        }
    }

    private void verify(ConformanceBench bench, ShardId shard, ShardModel model, long round) {
        if (model.epoch() > 0) {
            bench.awaitFailure(
                    bench.engine().open(shard, CrashEngines.CONFIG, (int) model.epoch() - 1, bench.loop()),
                    RmqError.FENCED);
        }
        ShardStore store = bench.open(shard, CrashEngines.CONFIG, (int) round * 1000 + 900);
        ShardStats stats = store.stats();
        assertThat(stats.highWatermark()).isEqualTo(stats.endOffset());
        model.verify(stats.startOffset(), stats.endOffset(), bench.readAll(store, stats.startOffset(), 1 << 20));
        for (long name = 0; name < 2; name++) {
            StateSnapshot state = bench.await(store.getState("s" + name));
            ByteBuf bytes = state.owned();
            if (state.offset() >= 0) {
                assertThat(bytes.toString(StandardCharsets.UTF_8)).startsWith("state " + state.offset());
            }
            bytes.release();
            model.verifyState(name, state.offset());
        }
    }
}
