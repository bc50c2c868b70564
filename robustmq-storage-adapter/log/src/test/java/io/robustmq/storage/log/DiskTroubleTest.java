/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Full, read-only, and errors of writes, reads and forces: what the disk says, what goes on, and that nothing is lost. */
class DiskTroubleTest {

    private static LogBench mounted(LogConfig config) {
        LogBench bench = new LogBench(1, config);
        bench.mount();
        return bench;
    }

    private static void assertError(LogBench.Append append, RmqError error) {
        assertThat(append.failure).isNotNull();
        assertThat(append.failure.error()).as(append.failure.getMessage()).isEqualTo(error);
    }

    @Test
    void aFailedSyncedWriteFailsTheDiskAndIsNeverRetried() {
        LogBench bench = mounted(LogBench.CONFIG);
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        bench.append(stream, true, "a");
        bench.scheduler.runUntilQuiet();
        List<DiskStatus> heard = new ArrayList<>();
        bench.log.onStatus(heard::add);
        bench.sim.failForceAfter(0);
        assertError(bench.append(stream, true, "b"), RmqError.STORAGE_FAILED);
        long forces = bench.sim.forces();
        assertError(bench.append(stream, true, "c"), RmqError.STORAGE_FAILED);
        assertThat(bench.sim.forces()).isEqualTo(forces);
        assertThat(heard).singleElement().satisfies(status -> {
            assertThat(status.state()).isEqualTo(DiskState.FAILED);
            assertThat(status.reason()).contains("simulated failure");
        });
        assertThat(bench.values(stream)).as("reads go on").containsExactly("a");
        bench.crash();
        // What was never acknowledged may have arrived all the same; what was, has.
        assertThat(bench.values(bench.stream(0))).startsWith("a").hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aFailedForceOfACheckpointFailsTheDisk() {
        LogBench bench = mounted(LogBench.CONFIG.withCheckpointBytes(1 << 16));
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        for (int append = 0; append < 20 && bench.log.status().takesWrites(); append++) {
            // The twelfth synced write or force is one of a checkpoint's, or one after it.
            bench.append(stream, false, "x".repeat(5000));
            bench.sim.failForceAfter(0);
        }
        assertThat(bench.log.status().state()).isEqualTo(DiskState.FAILED);
    }

    @Test
    void noCheckpointIsWrittenBehindAForceThatFailedElsewhere() {
        LogBench bench = mounted(LogBench.CONFIG);
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        bench.append(stream, false, "a");
        bench.log.checkpoint();
        bench.sim.failForceAfter(0);
        assertThatThrownBy(() -> bench.log.forceNow(stream)).isInstanceOf(RmqException.class);
        // Its own force succeeds: the one that failed has taken the bytes with it.
        bench.scheduler.runUntilQuiet();
        assertThat(bench.log.checkpoints()).isZero();
        bench.crash();
        assertThat(bench.stream(0)).isNotNull();
    }

    @Test
    void aSegmentFileThatNothingCameIntoIsThereAfterTheNextCheckpoint() {
        for (long seed = 1; seed <= 10; seed++) {
            LogBench bench = new LogBench(seed, LogBench.CONFIG);
            bench.mount();
            LogStream stream = bench.create(0, StreamMode.DIRECT);
            bench.sim.capacity(used(bench));
            assertError(bench.append(stream, false, "a"), RmqError.STORAGE_FULL);
            bench.sim.capacity(Long.MAX_VALUE);
            bench.await(bench.log.close());
            bench.crash();
            assertThat(bench.append(bench.stream(0), false, "b").failure).isNull();
        }
    }

    @Test
    void aFailedPlainWriteMakesTheDiskReadOnly() {
        LogBench bench = mounted(LogBench.CONFIG);
        LogStream stream = bench.create(0, StreamMode.DIRECT);
        bench.append(stream, false, "a");
        bench.sim.failWriteAfter(0);
        assertError(bench.append(stream, false, "b"), RmqError.STORAGE_FAILED);
        assertThat(bench.log.status().state()).isEqualTo(DiskState.READ_ONLY);
        assertError(bench.append(stream, false, "c"), RmqError.STORAGE_FAILED);
        assertThat(bench.values(stream)).containsExactly("a");
    }

    @Test
    void aReadOnlyFileSystemMakesTheDiskReadOnly() {
        LogBench bench = mounted(LogBench.CONFIG);
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        bench.append(stream, true, "a");
        bench.sim.readOnly(true);
        assertError(bench.append(stream, true, "b"), RmqError.STORAGE_FAILED);
        assertThat(bench.log.status().state()).isEqualTo(DiskState.READ_ONLY);
        assertThat(bench.values(stream)).containsExactly("a");
    }

    @Test
    void aReadErrorIsTheReadersAlone() {
        LogBench bench = mounted(LogBench.CONFIG);
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        bench.append(stream, true, "a");
        String path =
                stream.directory() + "/" + bench.sim.list(stream.directory()).get(0);
        bench.sim.failReadsOf(path);
        assertThatThrownBy(() -> bench.values(stream)).isInstanceOf(RmqException.class);
        assertThat(bench.append(stream, true, "b").failure).isNull();
        bench.sim.failReadsOf(null);
        assertThat(bench.values(stream)).containsExactly("a", "b");
        assertThat(bench.log.status()).isEqualTo(DiskStatus.SERVING);
    }

    @Test
    void aFullDiskRefusesUntilThereIsSpace() {
        LogBench bench = mounted(LogBench.CONFIG);
        LogStream stream = bench.create(0, StreamMode.DIRECT);
        bench.append(stream, false, "a");
        bench.sim.capacity(used(bench) + 1000);
        assertError(bench.append(stream, false, "x".repeat(5000)), RmqError.STORAGE_FULL);
        assertThat(bench.log.status().state()).isEqualTo(DiskState.FULL);
        assertThat(bench.log.status().reason()).contains("full");
        assertThat(bench.values(stream)).containsExactly("a");
        assertThat(bench.await(bench.log.raiseStart(stream, 1, bench.owner)))
                .as("deleting goes on")
                .isEqualTo(1);
        bench.sim.capacity(1 << 30);
        bench.scheduler.runForMillis(2000);
        assertError(bench.append(stream, false, "finds out"), RmqError.STORAGE_FULL);
        assertThat(bench.append(stream, false, "b").failure).isNull();
        assertThat(bench.values(stream)).containsExactly("b");
    }

    @Test
    void theLowWaterMarkRefusesBeforeTheDiskIsFull() {
        LogBench bench = mounted(LogBench.CONFIG.withLowWaterBytes(1 << 20));
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        bench.append(stream, true, "a");
        bench.sim.capacity(used(bench) + (1 << 19));
        bench.scheduler.runForMillis(2000);
        bench.append(stream, true, "finds out");
        assertThat(bench.log.status().state()).isEqualTo(DiskState.FULL);
        assertError(bench.append(stream, true, "b"), RmqError.STORAGE_FULL);
        assertThat(bench.log.status().reason()).contains("low-water mark");
    }

    @Test
    void theInboxIsBounded() {
        LogBench bench = mounted(LogBench.CONFIG.withInbox(1 << 30, 10));
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        List<LogBench.Append> appends = new ArrayList<>();
        for (int append = 0; append < 15; append++) {
            appends.add(bench.append(stream, append, true, "v"));
        }
        assertThat(appends.stream().filter(append -> append.done))
                .hasSize(5)
                .allSatisfy(append -> assertThat(append.failure.error()).isEqualTo(RmqError.OVERLOADED));
        bench.scheduler.runUntilQuiet();
        assertThat(bench.values(stream)).hasSize(10);
    }

    private static long used(LogBench bench) {
        bench.sim.capacity(Long.MAX_VALUE);
        return Long.MAX_VALUE - bench.sim.freeBytes();
    }
}
