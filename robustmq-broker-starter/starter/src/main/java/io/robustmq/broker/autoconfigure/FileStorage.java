/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.node.HealthDetail;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.ScrubConfig;
import io.robustmq.storage.log.segment.Damage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The file engine with the disks and threads that it needs, and what scrubs have found on them. Thread-safe: immutable. */
final class FileStorage implements HealthDetail {
    private static final int READER_THREADS = 2;
    private static final int DAMAGED_SHOWN_MAX = 20;

    private final FileEngine engine;

    private FileStorage(FileEngine engine) {
        this.engine = engine;
    }

    static FileStorage of(FileEngine engine) {
        return new FileStorage(engine);
    }

    /** No thread runs and no file is touched before the first shard. */
    static FileEngine engine(RobustMqProperties properties) {
        List<DefaultEventExecutor> readers = Stream.generate(
                        () -> new DefaultEventExecutor(new DefaultThreadFactory("disk-read", true)))
                .limit(READER_THREADS)
                .toList();
        NettyLoops readerLoops = NettyLoops.of("disk-read", readers);
        List<SystemThreads.OwnLoop> loops = new ArrayList<>();
        List<LogDisk> disks = new ArrayList<>();
        for (Path directory : properties.storagePaths()) {
            SystemThreads.OwnLoop writer = SystemThreads.loop("disk-write-" + disks.size());
            SystemThreads.OwnLoop background = SystemThreads.loop("disk-background-" + disks.size());
            loops.add(writer);
            loops.add(background);
            LogDisk disk = new LogDisk(
                    directory.toString(),
                    SystemDisk.lazily(directory),
                    readerLoops,
                    writer.loop(),
                    background.loop(),
                    SystemClock.INSTANCE,
                    SystemRandom.INSTANCE,
                    limits(properties.storage()));
            disks.add(disk);
        }
        return new FileEngine(disks, FileEngineConfig.defaults(), scrub(properties.storage()), () -> {
            loops.forEach(SystemThreads.OwnLoop::close);
            readers.forEach(reader -> reader.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        });
    }

    private static LogConfig limits(RobustMqProperties.Storage storage) {
        return LogConfig.defaults()
                .withWalFileBytes((int) storage.walFileBytes().toBytes())
                .withCheckpointBytes(storage.checkpointBytes().toBytes())
                .withLowWaterBytes(storage.lowWaterBytes().toBytes())
                .withInbox(storage.inboxBytes().toBytes(), LogConfig.defaults().inboxCount())
                .withOpenFilesMax(storage.openFilesMax());
    }

    private static ScrubConfig scrub(RobustMqProperties.Storage storage) {
        long interval = storage.scrubInterval().toMillis();
        return new ScrubConfig(storage.scrubBytesPerSecond().toBytes(), interval, ScrubConfig.DELAY_MILLIS);
    }

    @Override
    public void contribute(BiConsumer<String, Object> details) {
        List<String> damaged = damaged();
        if (!damaged.isEmpty()) {
            details.accept("damagedSegments", damaged);
        }
    }

    /** What the scrub has found and is still there. */
    private List<String> damaged() {
        List<String> lines = new ArrayList<>();
        for (LogDisk disk : engine.disks()) {
            engine.scrubStatus(disk).damaged().forEach((stream, damages) -> {
                Damage first = damages.get(0);
                String more = damages.size() == 1 ? "" : ", and " + (damages.size() - 1) + " more";
                lines.add(stream.shard() + " on " + disk.name() + ": " + first + more);
            });
        }
        if (lines.size() > DAMAGED_SHOWN_MAX) {
            int more = lines.size() - DAMAGED_SHOWN_MAX;
            lines.subList(DAMAGED_SHOWN_MAX, lines.size()).clear();
            lines.add("and " + more + " more");
        }
        return lines;
    }
}
