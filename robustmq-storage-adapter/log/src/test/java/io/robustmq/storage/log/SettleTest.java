/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.RmqError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream whose batches are in no log, found again after its process was killed. */
class SettleTest {
    private final LogBench bench = new LogBench();

    @BeforeEach
    void mount() {
        bench.mount();
    }

    /** What was written is with the system, and nobody has forced it. */
    private void kill() {
        bench.sim.kill();
        bench.log.abandon();
        bench.scheduler.runUntilQuiet();
        bench.start();
        bench.mount();
    }

    @Test
    void whatIsServedBehindAKilledProcessIsForcedBefore() {
        LogStream stream = bench.create(0, StreamMode.DIRECT);
        bench.append(stream, false, "a");
        bench.append(stream, false, "b");
        kill();
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "b");
        bench.crash();
        assertThat(bench.values(bench.stream(0)))
                .as("it was read before the power went")
                .containsExactly("a", "b");
    }

    @Test
    void whatCannotBeForcedIsNotServed() {
        LogStream stream = bench.create(0, StreamMode.DIRECT);
        bench.append(stream, false, "a");
        kill();
        bench.sim.failForceAfter(0);
        assertThatThrownBy(() -> bench.stream(0)).hasMessageContaining("force");
        assertThat(bench.log.status().state()).isEqualTo(DiskState.FAILED);
        assertThatThrownBy(() -> bench.log.health().checkNotBroken())
                .matches(refused -> ((io.robustmq.kernel.RmqException) refused).error() == RmqError.STORAGE_FAILED);
    }

    /** A reader's thread looks at the files, the writer's takes a checkpoint meanwhile. */
    @Test
    void aCheckpointDescribesWhatIsKnownWhileAStreamIsLookedAt() {
        LogStream stream = bench.create(0, StreamMode.DIRECT);
        for (String value : List.of("a", "b", "c")) {
            bench.append(stream, false, value);
            bench.await(bench.log.roll(stream, bench.owner));
        }
        kill();
        LogStream found = bench.log.stream(LogBench.id(0));
        StreamDescription before = found.describe();
        List<StreamDescription> meanwhile = new ArrayList<>();
        bench.disk.onRead = path -> {
            Checkpointer.Snapshot snapshot = Checkpointer.snapshot(List.of(found), 0, 1, 1, false);
            snapshot.release();
            meanwhile.addAll(snapshot.checkpoint().streams());
        };
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "b", "c");
        assertThat(meanwhile).hasSizeGreaterThan(3).startsWith(before, before, before);
        assertThat(found.describe().end()).isEqualTo(3);
        assertThat(found.describe().segments()).hasSize(3);
    }
}
