/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ConformanceBench;
import io.robustmq.storage.conformance.EngineFixture;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.Recovery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A start after a crash costs what was written since the last checkpoint, however much there is. {@code -Dsoak.mib=10240} says
 * how much.
 */
class RecoveryCostTest {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryCostTest.class);
    private static final int BATCH_BYTES = 1 << 20;
    private static final long CHECKPOINT_BYTES = 16 << 20;
    private static final ShardConfig CONFIG =
            new ShardConfig(-1, -1, -1, 2 << 20, false, Durability.FSYNC, -1, 64 << 20, -1);

    @TempDir
    Path directory;

    private final List<SystemThreads.OwnLoop> loops = new ArrayList<>();
    private final DefaultEventExecutor reader = new DefaultEventExecutor();
    private LogDisk disk;

    private final class Fixture implements EngineFixture {
        @Override
        public ShardEngine start() {
            SystemThreads.OwnLoop writer = SystemThreads.loop("cost-write");
            SystemThreads.OwnLoop checkpoints = SystemThreads.loop("cost-checkpoint");
            loops.addAll(List.of(writer, checkpoints));
            disk = new LogDisk(
                    "cost",
                    new SystemDisk(directory.resolve("disk")),
                    NettyLoops.of("cost-read", List.of(reader)),
                    writer.loop(),
                    checkpoints.loop(),
                    SystemClock.INSTANCE,
                    SystemRandom.INSTANCE,
                    LogConfig.defaults()
                            .withWalFileBytes(8 << 20)
                            .withCheckpointBytes(CHECKPOINT_BYTES)
                            .withLowWaterBytes(0));
            return new FileEngine(List.of(disk), FileEngineConfig.defaults(), () -> {});
        }

        @Override
        public ShardEngine crashAndReopen() {
            disk.abandon().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
            return start();
        }

        @Override
        public long heldBytes() {
            return 0;
        }

        @Override
        public void close() {
            loops.forEach(SystemThreads.OwnLoop::close);
            reader.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void aStartCostsWhatWasWrittenSinceTheCheckpoint() throws Exception {
        int batches = Integer.getInteger("soak.mib", 128);
        Assumptions.assumeTrue(
                Files.getFileStore(directory).getUsableSpace() > 2L * batches * BATCH_BYTES, "enough free disk");
        try (ConformanceBench bench = new ConformanceBench(new Fixture())) {
            ShardStore store = bench.open(CONFIG, 1);
            for (int batch = 0; batch < batches; batch++) {
                bench.append(store, bench.batchOfBytes(BATCH_BYTES), Durability.FSYNC);
            }
            bench.crash();
            long begun = System.nanoTime();
            ShardStore again = bench.open(CONFIG, 2);
            long millis = (System.nanoTime() - begun) / 1_000_000;
            Recovery.Report report = disk.recovery();
            LOG.info("{} MiB, opened in {} ms: {}", batches, millis, report);
            assertThat(again.stats().endOffset()).isEqualTo(batches);
            assertThat(report.batchBytes())
                    .as("two checkpoints, and what came while the last one was written")
                    .isLessThan(4 * CHECKPOINT_BYTES);
        }
    }
}
