/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each durability promises and what it costs: forces, counted. */
class ForcePromiseTest {
    private final LogBench bench = new LogBench();

    @BeforeEach
    void mount() {
        bench.mount();
    }

    /** The group that says of the last one that it was forced comes when the log is idle. */
    private void quiet() {
        bench.scheduler.runUntilQuiet();
        bench.disk.resetCounts();
    }

    @Test
    void aThousandStreamsCostOneSyncedWrite() {
        List<LogStream> streams = new ArrayList<>();
        for (int partition = 0; partition < 1000; partition++) {
            streams.add(bench.create(partition, StreamMode.LOGGED));
        }
        quiet();
        List<LogBench.Append> appends = new ArrayList<>();
        streams.forEach(stream -> appends.add(bench.append(stream, 0, true, "v")));
        bench.scheduler.runDue();
        assertThat(appends).allMatch(append -> append.done && append.failure == null);
        // A thousand batches of a hundred bytes are a few groups, of half a file each at most.
        assertThat(bench.disk.writesThrough).isBetween(1L, 8L);
        assertThat(bench.disk.walForces + bench.disk.otherForces + bench.disk.namesForced)
                .as("though each began its first segment file")
                .isZero();
    }

    @Test
    void anFsyncAppendIsOneSyncedWrite() {
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        quiet();
        LogBench.Append append = bench.append(stream, 0, true, "v");
        bench.scheduler.runDue();
        assertThat(append.done).isTrue();
        assertThat(bench.disk.writesThrough).isEqualTo(1);
        assertThat(bench.disk.walForces + bench.disk.otherForces).isZero();
    }

    @Test
    void anOsAppendForcesNothing() {
        for (StreamMode mode : StreamMode.values()) {
            LogStream stream = bench.create(mode.code(), mode);
            quiet();
            for (int append = 0; append < 10; append++) {
                bench.append(stream, false, "v");
            }
            assertThat(bench.disk.writesThrough + bench.disk.walForces + bench.disk.otherForces)
                    .as(mode.name())
                    .isZero();
        }
    }

    @Test
    void anFsyncAppendMakesDurableWhatWasLoggedBeforeIt() {
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        quiet();
        bench.append(stream, false, "a");
        bench.append(stream, true, "b");
        assertThat(bench.disk.walForces).isEqualTo(1);
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "b");
    }

    @Test
    void anFsyncAppendOfADirectStreamForcesItsSegment() {
        LogStream stream = bench.create(0, StreamMode.DIRECT);
        quiet();
        bench.append(stream, false, "a");
        bench.append(stream, true, "b");
        assertThat(bench.disk.otherForces).isEqualTo(1);
        assertThat(bench.disk.writesThrough).isZero();
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "b");
    }

    @Test
    void anIntervalForcesOnce() {
        for (StreamMode mode : StreamMode.values()) {
            LogStream stream = bench.create(mode.code(), mode);
            stream.flushMillis(100);
            quiet();
            LogBench.Append append = bench.append(stream, 0, false, "v");
            bench.scheduler.runForMillis(99);
            assertThat(append.done).isTrue();
            assertThat(bench.disk.walForces + bench.disk.otherForces)
                    .as(mode.name())
                    .isZero();
            bench.scheduler.runForMillis(2);
            assertThat(bench.disk.walForces + bench.disk.otherForces)
                    .as(mode.name())
                    .isEqualTo(1);
            bench.crash();
            assertThat(bench.values(bench.stream(mode.code()))).containsExactly("v");
        }
    }

    @Test
    void nothingIsWrittenBeforeTheFirstStream() {
        assertThat(bench.sim.list("")).isEmpty();
        bench.restart();
        assertThat(bench.sim.list("")).isEmpty();
    }

    @Test
    void aStartOverWhatIsThereWritesNothing() {
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        bench.append(stream, true, "a");
        bench.restart();
        assertThat(bench.disk.changes).isZero();
        assertThat(bench.values(bench.stream(0))).containsExactly("a");
    }
}
