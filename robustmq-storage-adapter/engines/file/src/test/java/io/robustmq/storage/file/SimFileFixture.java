/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.conformance.EngineFixture;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import java.util.List;

/** The engine on a simulated disk, which loses in a crash what was not forced; its loops run in the calls. */
final class SimFileFixture implements EngineFixture {
    private static final LogConfig CONFIG =
            TestLimits.LOG.withWalFileBytes(1 << 17).withCheckpointBytes(1 << 18);

    private final SimScheduler scheduler = new SimScheduler(1);
    private final SimDisk disk = new SimDisk(scheduler, "d");
    private FileEngine engine;

    @Override
    public ShardEngine start() {
        InlineLoop loop = new InlineLoop();
        LogDisk log =
                new LogDisk("sim", disk, loop, loop, loop, SystemClock.INSTANCE, scheduler.random("format"), CONFIG);
        engine = new FileEngine(List.of(log), TestLimits.ENGINE, () -> {});
        return engine;
    }

    @Override
    public ShardEngine crashAndReopen() {
        disk.crash();
        engine.disks().forEach(LogDisk::abandon);
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

    @Override
    public int modelSeeds() {
        return 200;
    }
}
