/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.RmqError;
import io.robustmq.storage.log.segment.Dirty;
import io.robustmq.storage.log.wal.WalFiles;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The first force of a file that fails is the only one that tells; another one succeeds with nothing written. */
class ForceFailureTest {

    @Test
    void noCheckpointIsWrittenWhileAFailureIsOnItsWay() throws Exception {
        LogBench bench = new LogBench();
        bench.mount();
        LogStream stream = bench.create(0, StreamMode.DIRECT);
        bench.append(stream, false, "a");
        Checkpointer.Snapshot snapshot = Checkpointer.snapshot(List.of(stream), 1 << 16, 1, 2, false);
        Dirty sameFile = stream.takeDirty();
        assertThat(sameFile).isNotNull();
        Checkpointer checkpointer =
                new Checkpointer(bench.disk, new WalFiles(bench.disk, 1 << 16, 1), bench.owner, bench.log.health(), 0);
        CountDownLatch written = new CountDownLatch(1);
        Thread background = new Thread(() -> {
            checkpointer.write(snapshot);
            written.countDown();
        });
        boolean[] first = {true};
        bench.disk.onForce = path -> {
            if (!first[0]) {
                return;
            }
            first[0] = false;
            background.start();
            // It forces the same file, and hears of no failure; then it has to wait for this one.
            assertThat(awaits(written, 300))
                    .as("a checkpoint was written meanwhile")
                    .isFalse();
            throw RmqError.STORAGE_FAILED.exception("Input/output error");
        };
        assertThat(failure(() -> bench.log.health().forcing(sameFile::force))).isEqualTo("Input/output error");
        assertThat(awaits(written, 10_000)).isTrue();
        assertThat(checkpointer.written()).isZero();
        assertThat(Checkpoint.paths(bench.sim)).isEmpty();
        assertThat(bench.log.status().state()).isEqualTo(DiskState.FAILED);
    }

    private static boolean awaits(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String failure(Runnable work) {
        try {
            work.run();
            return "";
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }
}
