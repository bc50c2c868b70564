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
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a process that appends at full speed, again and again over the same directories, and compares what is left with what
 * it had acknowledged. All durable engines run in it side by side, so that one kill tests each of them
 * ({@code -Drobustmq.test.engines=file} for one alone). {@code -Drobustmq.test.seed} repeats the rounds of a seed (not their timing),
 * {@code -Drobustmq.test.rounds} says how many.
 */
class KillTest {
    private static final Logger LOG = LoggerFactory.getLogger(KillTest.class);
    private static final int SHARDS = 9;
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

    @Test
    void whatWasAcknowledgedSurvivesKills() throws Exception {
        long seed = Long.getLong("robustmq.test.seed", FIRST_SEED);
        int rounds = Integer.getInteger("robustmq.test.rounds", 100);
        List<String> engines = List.of(
                System.getProperty("robustmq.test.engines", "rocksdb,file").split(","));
        LOG.info("{} rounds on {}, seed {}", rounds, engines, seed);
        Random random = new Random(seed);
        Map<Integer, ShardModel> models = new TreeMap<>();
        for (int shard : CrashEngines.shards(engines.size(), SHARDS)) {
            models.put(shard, new ShardModel(shard));
        }
        VictimProcess next = VictimProcess.start(engines, temp, temp);
        try {
            for (int round = 1; round <= rounds; round++) {
                List<Told> told = next.killed(round, random.nextLong(), SHARDS, random);
                next = VictimProcess.start(engines, temp, temp);
                try {
                    told.forEach(line -> models.get(line.shard()).hear(line));
                    verify(engines, models, round);
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
        for (int engine = 0; engine < engines.size(); engine++) {
            int number = engine;
            long acknowledged = models.keySet().stream()
                    .filter(shard -> CrashEngines.engineOf(shard) == number)
                    .mapToLong(shard -> models.get(shard).acknowledged())
                    .sum();
            LOG.info("{}: {} records were acknowledged", engines.get(engine), acknowledged);
            assertThat(acknowledged).as("the writers did write").isGreaterThan(rounds * 10L);
        }
    }

    private void verify(List<String> engines, Map<Integer, ShardModel> models, long round) {
        for (int engine = 0; engine < engines.size(); engine++) {
            String name = engines.get(engine);
            try (ConformanceBench bench = new ConformanceBench(new Left(name, temp.resolve(name)))) {
                for (int shard : models.keySet()) {
                    if (CrashEngines.engineOf(shard) == engine) {
                        verify(bench, CrashEngines.shard(shard), models.get(shard), round);
                    }
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(name + ": " + e.getMessage(), e);
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
