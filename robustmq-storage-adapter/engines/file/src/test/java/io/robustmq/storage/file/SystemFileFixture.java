/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.conformance.EngineFixture;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The engine on two directories of the machine, with loops as in production. */
final class SystemFileFixture implements EngineFixture {
    private final List<Path> directories;
    private final List<SystemThreads.OwnLoop> loops = new ArrayList<>();
    private final List<DefaultEventExecutor> readers = List.of(new DefaultEventExecutor(), new DefaultEventExecutor());
    private final NettyLoops readerLoops = NettyLoops.of("file-read", readers);
    private final FileEngineConfig engineConfig;
    private final LogConfig logConfig;
    private FileEngine engine;

    SystemFileFixture(Path directory) {
        this(List.of(directory.resolve("one"), directory.resolve("two")), TestLimits.ENGINE, TestLimits.LOG);
    }

    SystemFileFixture(List<Path> directories, FileEngineConfig engineConfig, LogConfig logConfig) {
        this.directories = directories;
        this.engineConfig = engineConfig;
        this.logConfig = logConfig;
    }

    FileEngine engine() {
        return engine;
    }

    @Override
    public ShardEngine start() {
        List<LogDisk> disks = new ArrayList<>();
        for (Path directory : directories) {
            SystemThreads.OwnLoop writer = SystemThreads.loop("file-write");
            SystemThreads.OwnLoop checkpoints = SystemThreads.loop("file-checkpoint");
            loops.add(writer);
            loops.add(checkpoints);
            disks.add(new LogDisk(
                    directory.getFileName().toString(),
                    new SystemDisk(directory),
                    readerLoops,
                    writer.loop(),
                    checkpoints.loop(),
                    SystemClock.INSTANCE,
                    SystemRandom.INSTANCE,
                    logConfig));
        }
        engine = new FileEngine(disks, engineConfig, () -> {});
        return engine;
    }

    /** Stops in the middle; what the system holds of it stays, as when a process is killed. */
    @Override
    public ShardEngine crashAndReopen() {
        for (LogDisk disk : engine.disks()) {
            disk.abandon().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        }
        return start();
    }

    @Override
    public long heldBytes() {
        return 0;
    }

    @Override
    public long retentionSlackBytes() {
        return TestLimits.SLACK_BYTES;
    }

    /** The machine's disk has other users. */
    @Override
    public Duration deadline() {
        return Duration.ofSeconds(60);
    }

    @Override
    public int modelSeeds() {
        return 25;
    }

    @Override
    public void close() {
        loops.forEach(SystemThreads.OwnLoop::close);
        readers.forEach(reader -> reader.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }
}
