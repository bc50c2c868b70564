/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A close forces what a start would otherwise have to find out, as long as that is worth it. */
class CloseTest {
    private static final int MANY = Checkpointer.CLOSE_FILES_MAX + 100;

    private final LogBench bench = new LogBench(1, LogBench.CONFIG.withCheckpointBytes(1 << 30));

    @BeforeEach
    void mount() {
        bench.mount();
    }

    private void closeAndLosePower() {
        bench.await(bench.log.close());
        bench.sim.crash();
        bench.start();
        bench.mount();
    }

    @Test
    void fewFilesAreForcedAndNothingIsReplayed() {
        bench.append(bench.create(0, StreamMode.LOGGED), false, "a");
        bench.append(bench.create(1, StreamMode.DIRECT), false, "b");
        closeAndLosePower();
        assertThat(bench.log.recovery().clean()).isTrue();
        assertThat(bench.values(bench.stream(0))).containsExactly("a");
        assertThat(bench.values(bench.stream(1))).containsExactly("b");
    }

    @Test
    void manyFilesAreLeftToTheLog() {
        for (int stream = 0; stream < MANY; stream++) {
            bench.create(stream, StreamMode.LOGGED);
        }
        for (int stream = 0; stream < MANY; stream++) {
            bench.append(bench.log.stream(LogBench.id(stream)), 0, stream % 2 == 0, "v" + stream);
        }
        LogStream interval = bench.create(MANY, StreamMode.DIRECT);
        interval.flushMillis(1_000_000);
        bench.append(interval, 0, false, "interval");
        bench.scheduler.runForMillis(10);
        closeAndLosePower();
        assertThat(bench.log.recovery().clean()).isFalse();
        assertThat(bench.log.recovery().batches()).isEqualTo(MANY);
        for (int stream = 0; stream < MANY; stream++) {
            assertThat(bench.values(bench.stream(stream))).containsExactly("v" + stream);
        }
        assertThat(bench.values(bench.stream(MANY))).containsExactly("interval");
    }

    @Test
    void manyFilesCostFewForces() {
        for (int stream = 0; stream < MANY; stream++) {
            bench.create(stream, StreamMode.LOGGED);
            bench.append(bench.log.stream(LogBench.id(stream)), true, "v");
        }
        CountingDisk disk = bench.disk;
        long before = disk.otherForces + disk.namesForced;
        bench.await(bench.log.close());
        assertThat(disk.otherForces + disk.namesForced - before).isLessThan(10);
    }
}
