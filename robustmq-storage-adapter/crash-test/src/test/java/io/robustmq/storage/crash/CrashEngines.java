/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.rocksdb.RocksDbEngine;
import io.robustmq.storage.rocksdb.RocksDbEngineConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The engines that are killed, by name. Stateless. */
final class CrashEngines {
    private static final int SHARDS_MAX = 100;
    private static final int SEGMENT_BYTES = 64 * 1024;

    /** Nothing goes by itself; the writers truncate. Segments are so small that a round fills several. */
    static final ShardConfig CONFIG =
            new ShardConfig(-1, -1, -1, 1 << 20, false, Durability.FSYNC, -1, SEGMENT_BYTES, -1);

    private CrashEngines() {}

    static ShardEngine start(String name, Path directory) {
        return start(name, directory, 0);
    }

    /** @param lowWaterBytes appends are refused when less is free */
    static ShardEngine start(String name, Path directory, long lowWaterBytes) {
        return switch (name) {
            case "rocksdb" ->
                new RocksDbEngine(
                        directory,
                        ByteBufAllocator.DEFAULT,
                        RocksDbEngineConfig.defaults().withMinFreeBytes(lowWaterBytes));
            case "file" -> file(directory, lowWaterBytes);
            default -> throw new IllegalArgumentException("no such engine: " + name);
        };
    }

    /** Which of the engines that run together has the shard. */
    static int engineOf(int shard) {
        return shard / SHARDS_MAX;
    }

    /** All shards of the engines, the same number for each. */
    static int[] shards(int engines, int shardsEach) {
        return IntStream.range(0, engines * shardsEach)
                .map(at -> at / shardsEach * SHARDS_MAX + at % shardsEach)
                .toArray();
    }

    static ShardId shard(int number) {
        return new ShardId(new TopicId(7, 7), number);
    }

    /** On two disks, with a log that is checkpointed often. */
    private static ShardEngine file(Path directory, long lowWaterBytes) {
        List<SystemThreads.OwnLoop> loops = new ArrayList<>();
        List<DefaultEventExecutor> readers = List.of(new DefaultEventExecutor(), new DefaultEventExecutor());
        LoopGroup readerLoops = NettyLoops.of("file-read", readers);
        LogConfig limits = LogConfig.defaults()
                .withWalFileBytes(1 << 20)
                .withCheckpointBytes(2 << 20)
                .withLowWaterBytes(lowWaterBytes)
                .withOpenFilesMax(64);
        List<LogDisk> disks = new ArrayList<>();
        for (String disk : List.of("one", "two")) {
            SystemThreads.OwnLoop writer = SystemThreads.loop("file-write");
            SystemThreads.OwnLoop checkpoints = SystemThreads.loop("file-checkpoint");
            loops.addAll(List.of(writer, checkpoints));
            disks.add(new LogDisk(
                    disk,
                    new SystemDisk(directory.resolve(disk)),
                    readerLoops,
                    writer.loop(),
                    checkpoints.loop(),
                    SystemClock.INSTANCE,
                    SystemRandom.INSTANCE,
                    limits));
        }
        return new FileEngine(disks, new FileEngineConfig(SEGMENT_BYTES, SEGMENT_BYTES, 64), () -> {
            loops.forEach(SystemThreads.OwnLoop::close);
            readers.forEach(reader -> reader.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        });
    }
}
