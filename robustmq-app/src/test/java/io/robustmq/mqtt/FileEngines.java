/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The engine of files with threads of its own, as tests want it. Stateless. */
public final class FileEngines {
    private FileEngines() {}

    /** Disks are named {@code disk-0} and so on; closing the engine ends its threads. */
    public static FileEngine of(List<? extends Disk> disks, LogConfig log, FileEngineConfig config) {
        List<DefaultEventExecutor> readers =
                disks.stream().map(disk -> new DefaultEventExecutor()).toList();
        LoopGroup readerLoops = NettyLoops.of("disk-read", readers);
        List<SystemThreads.OwnLoop> loops = new ArrayList<>();
        List<LogDisk> logs = new ArrayList<>();
        for (Disk disk : disks) {
            SystemThreads.OwnLoop writer = SystemThreads.loop("disk-write");
            SystemThreads.OwnLoop background = SystemThreads.loop("disk-background");
            loops.addAll(List.of(writer, background));
            logs.add(new LogDisk(
                    "disk-" + logs.size(),
                    disk,
                    readerLoops,
                    writer.loop(),
                    background.loop(),
                    SystemClock.INSTANCE,
                    SystemRandom.INSTANCE,
                    log));
        }
        return new FileEngine(logs, config, () -> {
            loops.forEach(SystemThreads.OwnLoop::close);
            readers.forEach(reader -> reader.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        });
    }
}
