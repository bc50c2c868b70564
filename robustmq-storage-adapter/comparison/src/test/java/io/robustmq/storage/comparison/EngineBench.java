/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.CompressionType;

/** The file engine on one disk with its defaults and a loop for the owners of all shards. Confined to the test's thread. */
final class EngineBench implements AutoCloseable {
    private static final long SECONDS_MAX = 120;

    private final SystemThreads.OwnLoop owner = SystemThreads.loop("owner");
    private final SystemThreads.OwnLoop writer = SystemThreads.loop("writer");
    private final SystemThreads.OwnLoop checkpoints = SystemThreads.loop("checkpoints");
    private final DefaultEventExecutor reader = new DefaultEventExecutor();
    private final LogDisk disk;
    private final FileEngine engine;

    private EngineBench(Path directory) {
        disk = new LogDisk(
                "bench",
                new SystemDisk(directory),
                NettyLoops.of("reader", List.of(reader)),
                writer.loop(),
                checkpoints.loop(),
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                LogConfig.defaults());
        engine = new FileEngine(List.of(disk), FileEngineConfig.defaults(), () -> {});
    }

    static EngineBench file(Path directory) {
        return new EngineBench(directory);
    }

    Loop owner() {
        return owner.loop();
    }

    private static ShardId shard(int number) {
        return new ShardId(new TopicId(1, 2), number);
    }

    /** Opens shards 0 to count - 1, laid out for that durability. */
    List<ShardStore> open(int count, Durability durability) {
        ShardConfig config =
                new ShardConfig(-1, -1, -1, 1 << 20, false, durability, -1, ShardConfig.DEFAULT_SEGMENT_BYTES, -1);
        List<ShardStore> stores = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            stores.add(engine.open(shard(number), config, 1, owner.loop())
                    .toCompletableFuture()
                    .orTimeout(SECONDS_MAX, TimeUnit.SECONDS)
                    .join());
        }
        return stores;
    }

    /** Gives the shards' space back. */
    void destroy(int count) {
        for (int number = 0; number < count; number++) {
            engine.destroy(shard(number))
                    .toCompletableFuture()
                    .orTimeout(SECONDS_MAX, TimeUnit.SECONDS)
                    .join();
        }
    }

    /** Groups that were durable when written, and forces of any file that an append waited for. */
    long syncs() {
        var metrics = disk.metrics();
        return metrics.syncedWrites() + metrics.walForces() + metrics.segmentForces();
    }

    /** Bytes of the write-ahead log so far. */
    long logBytes() {
        return disk.metrics().walPosition();
    }

    /** Writes until the write-ahead log uses its files again, as it does all its life but the first seconds. */
    void warmUp(List<ShardStore> stores) throws Exception {
        Workload large = Workload.of(1024, 64 * 1024, CompressionType.NONE);
        long batches = 3 * LogConfig.defaults().checkpointBytes() / large.bytes();
        new AppendDriver(stores, large, Durability.FSYNC, 128, false).run(owner(), batches);
    }

    @Override
    public void close() {
        engine.close();
        owner.close();
        writer.close();
        checkpoints.close();
        reader.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
