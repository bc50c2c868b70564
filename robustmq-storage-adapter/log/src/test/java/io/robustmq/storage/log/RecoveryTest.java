/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.log.segment.Replacement;
import io.robustmq.storage.log.segment.SegmentConfig;
import io.robustmq.storage.log.wal.WalEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each record of the log comes back after a crash, and a crash at any moment loses nothing that was acknowledged. */
class RecoveryTest {
    private LogBench bench = new LogBench();

    @BeforeEach
    void mount() {
        bench.mount();
    }

    private LogStream withValues(StreamMode mode, String... values) {
        LogStream stream = bench.create(0, mode);
        for (String value : values) {
            assertThat(bench.append(stream, true, value).failure).isNull();
        }
        return stream;
    }

    @Test
    void batchesComeBack() {
        withValues(StreamMode.LOGGED, "a", "b", "c");
        bench.crash();
        LogStream stream = bench.stream(0);
        assertThat(bench.values(stream)).containsExactly("a", "b", "c");
        assertThat(bench.log.recovery().batches()).isEqualTo(3);
        assertThat(bench.append(stream, true, "d").failure).isNull();
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aDirectStreamEndsWhereItsForcedBatchesEnd() {
        withValues(StreamMode.DIRECT, "a", "b");
        bench.append(bench.stream(0), false, "maybe");
        bench.crash();
        assertThat(bench.values(bench.stream(0))).startsWith("a", "b").hasSizeBetween(2, 3);
    }

    @Test
    void aRaisedStartStaysRaised() {
        for (StreamMode mode : StreamMode.values()) {
            bench = new LogBench();
            bench.mount();
            LogStream stream = withValues(mode, "a", "b", "c");
            assertThat(bench.await(bench.log.raiseStart(stream, 2, bench.owner)))
                    .isEqualTo(2);
            bench.crash();
            assertThat(bench.stream(0).start()).as(mode.name()).isEqualTo(2);
            assertThat(bench.values(bench.stream(0))).containsExactly("c");
        }
    }

    @Test
    void aCutStaysCut() {
        LogStream stream = withValues(StreamMode.LOGGED, "a", "b", "c");
        bench.await(bench.log.cut(stream, 1, bench.owner));
        assertThat(bench.append(stream, true, "other").failure).isNull();
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "other");
    }

    @Test
    void aFenceStaysUp() {
        LogStream stream = withValues(StreamMode.LOGGED, "a");
        bench.await(bench.log.openEpoch(stream, 7, bench.owner));
        bench.crash();
        assertThat(bench.stream(0).fence()).isEqualTo(7);
        assertThat(bench.stream(0).epochs().ends(0, 1)).hasSize(2);
    }

    @Test
    void aSealedStreamStaysSealed() {
        LogStream stream = withValues(StreamMode.LOGGED, "a");
        assertThat(bench.await(bench.log.seal(stream, bench.owner))).isEqualTo(1);
        bench.crash();
        assertThat(bench.stream(0).sealedEnd()).isEqualTo(1);
        assertThat(bench.append(bench.stream(0), true, "late").failure.error()).isEqualTo(RmqError.FENCED);
    }

    @Test
    void aChangeOfModeIsRepeatedInItsPlace() {
        LogStream stream = withValues(StreamMode.LOGGED, "a");
        bench.await(bench.log.changeMode(stream, StreamMode.DIRECT, bench.owner));
        bench.append(stream, false, "b");
        bench.await(bench.log.changeMode(stream, StreamMode.LOGGED, bench.owner));
        bench.append(stream, true, "c");
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "b", "c");
        assertThat(bench.stream(0).mode()).isEqualTo(StreamMode.LOGGED);
    }

    @Test
    void aReplacedRangeStaysReplaced() {
        LogStream stream = withValues(StreamMode.LOGGED, "a", "b", "c", "d");
        bench.await(bench.log.roll(stream, bench.owner));
        RecordBatch kept = RecordBatches.ofValues(1000, "c");
        kept.assign(2, 1);
        Replacement prepared = stream.segments().prepareReplace(new OffsetRange(0, 3), List.of(kept), 0);
        kept.release();
        assertThat(bench.await(bench.log.replace(stream, prepared, bench.owner)))
                .isTrue();
        bench.append(stream, true, "e");
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("c", "d", "e");
    }

    /** The record of the start comes before the batch, which went on in the file that is below the start until then. */
    @Test
    void aStartRaisedInTheGroupOfABatchLeavesTheBatchWhereItIs() {
        LogStream stream = withValues(StreamMode.LOGGED, "a");
        bench.log.raiseStart(stream, 1, bench.owner);
        bench.append(stream, 1, true, "b");
        bench.scheduler.runUntilQuiet();
        bench.await(bench.log.changeMode(stream, StreamMode.DIRECT, bench.owner));
        assertThat(bench.append(stream, true, "c").failure).isNull();
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("b", "c");
    }

    /** A file that was begun when the disk was full is in the list, and its name was never forced. */
    @Test
    void anEmptyFileThatIsGoneIsNoDamage() {
        for (long seed = 1; seed <= 8; seed++) {
            bench = new LogBench(seed, LogBench.CONFIG);
            bench.mount();
            LogStream stream = withValues(StreamMode.LOGGED, "a", "b");
            bench.await(bench.log.roll(stream, bench.owner));
            RecordBatch kept = RecordBatches.ofValues(1000, "b");
            kept.assign(1, 1);
            Replacement prepared = stream.segments().prepareReplace(new OffsetRange(0, 2), List.of(kept), 0);
            kept.release();
            bench.sim.capacity(Long.MAX_VALUE - bench.sim.freeBytes() + 10);
            assertThat(bench.append(stream, true, "too much").failure.error()).isEqualTo(RmqError.STORAGE_FULL);
            bench.sim.capacity(Long.MAX_VALUE);
            bench.await(bench.log.replace(stream, prepared, bench.owner));
            bench.crash();
            assertThat(bench.values(bench.stream(0))).containsExactly("b");
            assertThat(bench.append(bench.stream(0), true, "c").failure).isNull();
        }
    }

    @Test
    void aDestroyedStreamIsGoneWithItsFiles() {
        LogStream stream = withValues(StreamMode.LOGGED, "a");
        bench.await(bench.log.destroy(stream, bench.owner));
        bench.crash();
        assertThat(bench.log.streams()).isEmpty();
        assertThat(bench.sim.exists(LogBench.id(0).directory(1))).isFalse();
        LogStream again = bench.create(0, StreamMode.LOGGED);
        assertThat(bench.append(again, true, "new").failure).isNull();
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("new");
    }

    @Test
    void stateComesBack() {
        LogStream stream = withValues(StreamMode.LOGGED, "a");
        ByteBuf bytes = Unpooled.copiedBuffer("state", StandardCharsets.UTF_8);
        bench.await(bench.log.putState(stream, "some name/with: signs", 1, bytes, bench.owner));
        assertThat(bytes.refCnt()).isZero();
        bench.crash();
        StateSnapshot state = bench.await(bench.log.getState(bench.stream(0), "some name/with: signs", bench.owner));
        assertThat(state.offset()).isEqualTo(1);
        assertThat(state.owned().toString(StandardCharsets.UTF_8)).isEqualTo("state");
        state.owned().release();
    }

    @Test
    void aWrongBitInTheVersionOfAStateIsDamage() {
        LogStream stream = withValues(StreamMode.LOGGED, "a");
        bench.await(
                bench.log.putState(stream, "s", 1, Unpooled.copiedBuffer("x", StandardCharsets.UTF_8), bench.owner));
        bench.sim.rot(stream.directory() + "/state-s", 5);
        assertThatThrownBy(() -> bench.await(bench.log.getState(stream, "s", bench.owner)))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.CORRUPT_DATA));
    }

    @Test
    void aBatchThatTheLogHasLostIsHealedFromItsSegment() {
        withValues(StreamMode.LOGGED, "a", "b", "c");
        bench.scheduler.runUntilQuiet();
        byte[] wal = LogFiles.read(bench.sim, "wal/0000000000000000.wal");
        int at = LogFiles.indexOf(wal, "b");
        bench.log.abandon();
        bench.scheduler.runUntilQuiet();
        bench.sim.rot("wal/0000000000000000.wal", at);
        bench.start();
        bench.mount();
        assertThat(bench.log.recovery().healedBatches()).isEqualTo(1);
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "b", "c");
    }

    @Test
    void whatWasForcedAndCannotBeReadIsCorruptAndNotAbsent() {
        withValues(StreamMode.LOGGED, "a", "b", "c");
        byte[] wal = LogFiles.read(bench.sim, "wal/0000000000000000.wal");
        int at = LogFiles.indexOf(wal, "b");
        bench.sim.rot("wal/0000000000000000.wal", at);
        bench.sim.crash();
        bench.log.abandon();
        bench.scheduler.runUntilQuiet();
        String segment = bench.sim.list(LogBench.id(0).directory(1)).get(0);
        bench.sim.delete(LogBench.id(0).directory(1) + "/" + segment);
        bench.start();
        assertThatThrownBy(bench::mount).isInstanceOfSatisfying(RmqException.class, e -> {
            assertThat(e.error()).isEqualTo(RmqError.CORRUPT_DATA);
            assertThat(e).hasMessageContaining("ctl log repair");
        });
        assertThat(bench.log.status().state()).isEqualTo(DiskState.FAILED);
    }

    @Test
    void aTornTailEndsTheLogAndTheNextSessionGoesOnOverIt() {
        LogStream stream = withValues(StreamMode.LOGGED, "a");
        bench.scheduler.runUntilQuiet();
        bench.sim.failForceAfter(0);
        LogBench.Append torn = bench.append(stream, true, "torn".repeat(3000));
        assertThat(torn.failure.error()).isEqualTo(RmqError.STORAGE_FAILED);
        bench.crash();
        assertThat(bench.log.recovery().verdict()).isEqualTo(WalEnd.Verdict.TORN);
        assertThat(bench.values(bench.stream(0))).containsExactly("a");
        assertThat(bench.append(bench.stream(0), true, "b").failure).isNull();
        bench.crash();
        assertThat(bench.values(bench.stream(0))).containsExactly("a", "b");
    }

    @Test
    void aNewerFormatIsRefused() {
        withValues(StreamMode.LOGGED, "a");
        bench.await(bench.log.close());
        LogFiles.replace(bench.sim, StoreFormat.PATH, "\"version\": 1", "\"version\": 9");
        bench.start();
        assertThatThrownBy(bench::mount).hasMessageContaining("version 9").hasMessageContaining("newer");
    }

    @Test
    void twoProcessesDoNotShareADisk() {
        withValues(StreamMode.LOGGED, "a");
        bench.start();
        assertThatThrownBy(bench::mount).hasMessageContaining("somebody else");
    }

    @Test
    void checkpointsRetireTheLogAndAStartNeedsOnlyTheRest() {
        LogStream stream = bench.create(0, StreamMode.LOGGED);
        stream.segments().configure(new SegmentConfig(20_000, -1));
        List<String> written = new ArrayList<>();
        for (int append = 0; append < 400; append++) {
            written.add(append + "x".repeat(5000));
            assertThat(bench.append(stream, true, written.get(append)).failure).isNull();
        }
        bench.scheduler.runUntilQuiet();
        assertThat(bench.log.checkpoints()).isGreaterThan(3);
        assertThat(bench.log.metrics().walBytes()).isLessThan(4 * LogBench.CONFIG.checkpointBytes());
        assertThat(bench.sim.list("").stream().filter(name -> name.startsWith("checkpoint-")))
                .hasSize(2);
        bench.crash();
        assertThat(bench.values(bench.stream(0))).isEqualTo(written);
        assertThat(bench.log.recovery().batches()).isLessThan(200);
        // The newest checkpoint is damaged: the one before it and the log behind that give the same.
        String newest = Checkpoint.paths(bench.sim).get(0);
        bench.log.abandon();
        bench.scheduler.runUntilQuiet();
        bench.sim.rot(newest, 30);
        bench.start();
        bench.mount();
        assertThat(bench.values(bench.stream(0))).isEqualTo(written);
    }

    /** Also in the middle of checkpoints, of retiring and of recovering. */
    @Test
    void aCrashAtAnyChangeOfTheDiskLosesNothingAcknowledged() {
        LogConfig config = LogBench.CONFIG.withCheckpointBytes(1 << 16);
        int stops = 0;
        for (int stop = 0; stop < 400; stop++) {
            bench = new LogBench(stop, config);
            bench.mount();
            bench.disk.stopAfter(stop);
            List<String> acknowledged = new ArrayList<>();
            List<String> attempted = new ArrayList<>();
            history(acknowledged, attempted);
            stops += bench.disk.stopped ? 1 : 0;
            crashOnce(stop % 7);
            LogStream stream = bench.stream(0);
            List<String> found = stream == null ? List.of() : bench.values(stream);
            assertThat(found.size()).as("stop " + stop).isBetween(acknowledged.size(), attempted.size());
            assertThat(found).as("stop " + stop).isEqualTo(attempted.subList(0, found.size()));
        }
        assertThat(stops).isGreaterThan(100);
    }

    private void history(List<String> acknowledged, List<String> attempted) {
        try {
            LogStream stream = bench.create(0, StreamMode.LOGGED);
            stream.segments().configure(new SegmentConfig(20_000, -1));
            for (int append = 0; append < 40; append++) {
                String value = append + "x".repeat(append % 3 * 4000);
                attempted.add(value);
                LogBench.Append outcome = bench.append(stream, append % 4 != 1, value);
                if (outcome.failure != null) {
                    return;
                }
                if (append % 4 != 1) {
                    acknowledged.clear();
                    acknowledged.addAll(attempted);
                }
            }
        } catch (RmqException powerHasGone) {
            // Whatever it was doing.
        }
    }

    /** And again while it recovers. */
    private void crashOnce(int changes) {
        bench.sim.crash();
        bench.log.abandon();
        bench.scheduler.runUntilQuiet();
        bench.start();
        bench.disk.stopAfter(changes);
        try {
            bench.mount();
            bench.stream(0);
        } catch (RmqException powerHasGone) {
            // In the middle of the recovery.
        }
        bench.crash();
    }
}
