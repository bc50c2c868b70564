/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchBuilder;
import io.robustmq.kernel.sim.SimLoop;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.Durability;
import io.robustmq.storage.StateSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoordinatorTest {
    private static final CoordinatorConfig CONFIG =
            new CoordinatorConfig(100, 4096, 1000, 20, 1 << 20, 1 << 16, 60_000, 3_600_000, 100);

    private final SimScheduler scheduler = new SimScheduler(1);
    private final SimLoop loop = scheduler.loops("net-", 1).get(0);
    private final UnreliableShard shard = new UnreliableShard(scheduler.random("shard"), 0);
    private final CoordinatorMetrics metrics = new CoordinatorMetrics();
    private final List<String> answers = new ArrayList<>();
    private UnreliableShard.Owned owned;
    private ListMachine machine;
    private CoordinatorHandle<ListMachine> handle;

    private void open() {
        owned = shard.open(loop);
        machine = new ListMachine();
        openAgain(CONFIG);
    }

    private void openAgain(CoordinatorConfig config) {
        handle = CoordinatorHandle.open(
                owned.log(4), machine, config, scheduler.clock(), UnpooledByteBufAllocator.DEFAULT, metrics);
    }

    @AfterEach
    void close() {
        if (handle != null) {
            handle.close();
        }
        scheduler.runUntilQuiet();
        shard.close();
    }

    private void onLoop(Runnable task) {
        loop.execute(task);
        scheduler.runDue();
    }

    private RmqError add(int number, String... keys) {
        return handle.submit(ListMachine.add(number, List.of(keys)), this::answered);
    }

    private void answered(Object answer, io.robustmq.kernel.RmqException failure) {
        answers.add(failure == null ? String.valueOf(answer) : failure.error().name());
    }

    @Test
    void manyCommandsShareAnAppendAndSeeEachOther() {
        open();
        scheduler.runUntilQuiet();
        for (int i = 0; i < 50; i++) {
            assertThat(add(i, "k")).isNull();
        }
        scheduler.runUntilQuiet();

        String all = String.join(
                        ",", IntStream.range(0, 50).mapToObj(String::valueOf).toList()) + ",";
        assertThat(answers).hasSize(50).last().isEqualTo("{k=" + all + "}");
        assertThat(machine.committed).isEqualTo(50);
        assertThat(shard.appends).isLessThan(5);
    }

    @Test
    void commandsWaitForTheLoad() {
        open();
        assertThat(add(1, "k")).isNull();
        assertThat(handle.isActive()).isFalse();
        scheduler.runUntilQuiet();

        assertThat(handle.loaded().toCompletableFuture()).isCompleted();
        assertThat(answers).containsExactly("{k=1,}");
    }

    @Test
    void tooManyAreToldAtOnce() {
        open();
        scheduler.runUntilQuiet();
        int refused = 0;
        for (int i = 0; i < 120; i++) {
            refused += add(i, "k") == RmqError.OVERLOADED ? 1 : 0;
        }
        scheduler.runUntilQuiet();

        assertThat(refused).isEqualTo(20);
        assertThat(metrics.overloaded.sum()).isEqualTo(20);
        assertThat(answers).hasSize(100);
        assertThat(metrics.pending.sum()).isZero();
        assertThat(add(1000, "k")).as("there is room again").isNull();
    }

    @Test
    void aRefusalHasNoEffectAndAFaultyCommandHarmsNobodyElse() {
        open();
        add(1, "k");
        handle.submit(
                state -> {
                    throw RmqError.NOT_FOUND.exception("no such key");
                },
                this::answered);
        handle.submit(
                state -> {
                    throw new IllegalStateException("a bug");
                },
                this::answered);
        handle.submit(
                state -> Outcome.of("big", List.of(new CoordinatorRecord(new byte[1], new byte[1001]))),
                this::answered);
        add(2, "k");
        scheduler.runUntilQuiet();

        assertThat(answers).containsExactly("{k=1,}", "NOT_FOUND", "INTERNAL", "PAYLOAD_TOO_LARGE", "{k=1,2,}");
        assertThat(metrics.reloads.sum()).isZero();
    }

    @Test
    void aChangeThatCannotBeReplayedIsThrownAway() {
        open();
        add(1, "k");
        scheduler.runUntilQuiet();
        handle.submit(
                state -> Outcome.of(
                        "never",
                        List.of(
                                new CoordinatorRecord(ListMachine.bytes("k"), null),
                                new CoordinatorRecord(ListMachine.POISON, null))),
                this::answered);
        scheduler.runUntilQuiet();
        add(2, "k");
        scheduler.runUntilQuiet();

        assertThat(answers).containsExactly("{k=1,}", "INTERNAL", "{k=1,2,}");
    }

    @Test
    void aLoadReadsTheSnapshotAndWhatIsBehindIt() {
        open();
        for (int i = 0; i < 30; i++) {
            add(i, "k" + i % 7);
            scheduler.runUntilQuiet();
        }
        assertThat(metrics.snapshots.sum()).isPositive();
        Map<String, String> before = Map.copyOf(machine.lists);

        open();
        scheduler.runUntilQuiet();
        assertThat(machine.lists).isEqualTo(before);
        assertThat(machine.restores).isEqualTo(1);
        assertThat(metrics.replayedRecords.sum()).isLessThan(15);
    }

    @Test
    void aSnapshotThatCannotBeReadIsNotNeeded() {
        open();
        for (int i = 0; i < 5; i++) {
            add(i, "k");
            scheduler.runUntilQuiet();
        }
        for (ByteBuf bad : List.of(
                snapshot(1, 1, scheduler.clock().millis(), 77),
                snapshot(9, 1, scheduler.clock().millis(), 0),
                snapshot(1, 9, scheduler.clock().millis(), 0),
                snapshot(1, 1, scheduler.clock().millis() - 3_600_001, 0),
                Unpooled.wrappedBuffer(new byte[] {1}))) {
            owned.log(4).putState(Snapshots.STATE_NAME, 3, bad);
            scheduler.runUntilQuiet();
            open();
            scheduler.runUntilQuiet();
            assertThat(machine.lists).isEqualTo(Map.of("k", "0,1,2,3,4,"));
            assertThat(machine.restores).isZero();
        }
    }

    /** Of an empty state, whose checksum is 0. */
    private static ByteBuf snapshot(int format, int version, long millis, int crc) {
        return Unpooled.buffer()
                .writeByte(format)
                .writeShort(version)
                .writeLong(millis)
                .writeInt(crc);
    }

    @Test
    void anOldSnapshotWithNothingBehindItIsAsGoodAsNew() {
        open();
        add(1, "k");
        scheduler.runForMillis(100_000);
        assertThat(metrics.snapshots.sum()).isEqualTo(1);
        scheduler.runForMillis(10_000_000);
        open();
        scheduler.runUntilQuiet();
        assertThat(machine.restores).isEqualTo(1);
        assertThat(machine.lists).isEqualTo(Map.of("k", "1,"));
    }

    @Test
    void aSnapshotIsTakenForItsAge() {
        open();
        add(1, "k");
        scheduler.runForMillis(50);
        assertThat(metrics.snapshots.sum()).isZero();
        scheduler.runForMillis(61_000);
        assertThat(metrics.snapshots.sum()).isEqualTo(1);
        assertThat(handle.snapshotAgeMillis()).isLessThan(2000);
        CompletableFuture<StateSnapshot> kept =
                owned.log(4).getState(Snapshots.STATE_NAME).toCompletableFuture();
        scheduler.runUntilQuiet();
        assertThat(kept.join().offset()).isEqualTo(1);
        kept.join().owned().release();
    }

    @Test
    void aStateThatHasGrownTooLargeIsNotWrittenDownAndItsOldSnapshotIsForgotten() {
        open();
        handle.close();
        scheduler.runUntilQuiet();
        machine = new ListMachine();
        openAgain(new CoordinatorConfig(100, 4096, 1000, 2, 1 << 20, 30, 60_000, 3_600_000, 100));
        for (int i = 0; i < 3; i++) {
            add(i, "k");
            scheduler.runForMillis(50);
        }
        assertThat(metrics.snapshots.sum()).isPositive();
        assertThat(stored().readableBytes()).isPositive();
        for (int i = 0; i < 12; i++) {
            add(i, "k" + i);
            scheduler.runForMillis(50);
        }
        assertThat(answers).hasSize(15).doesNotContain("INTERNAL");
        assertThat(stored().readableBytes()).isZero();
        Map<String, String> before = Map.copyOf(machine.lists);
        open();
        scheduler.runUntilQuiet();
        assertThat(machine.restores).isZero();
        assertThat(machine.lists).isEqualTo(before);
    }

    /** What the shard has for a snapshot. */
    private ByteBuf stored() {
        CompletableFuture<StateSnapshot> kept =
                owned.log(4).getState(Snapshots.STATE_NAME).toCompletableFuture();
        scheduler.runForMillis(1);
        ByteBuf copy = Unpooled.copiedBuffer(kept.join().owned());
        kept.join().owned().release();
        return copy;
    }

    @Test
    void timeMakesRecordsToo() {
        open();
        add(1, "k");
        machine.tickAtMillis = scheduler.clock().millis() + 5000;
        scheduler.runForMillis(100);
        add(2, "k");
        scheduler.runForMillis(4500);
        assertThat(machine.lists).doesNotContainKey("tick");
        scheduler.runForMillis(2000);
        assertThat(machine.lists).containsKey("tick");
        assertThat(shard.committed).anyMatch(record -> record.startsWith("tick="));
    }

    @Test
    void aShardThatSomebodyElseWroteToIsLoadedAgain() {
        open();
        add(1, "k");
        scheduler.runUntilQuiet();
        onLoop(() -> owned.store.append(batch("k", "1,99,"), Durability.MEMORY, (base, failure) -> {}));
        add(2, "k");
        scheduler.runUntilQuiet();
        add(3, "k");
        scheduler.runUntilQuiet();

        assertThat(answers.get(1)).isEqualTo("INTERNAL");
        assertThat(metrics.reloads.sum()).isEqualTo(1);
        assertThat(answers.get(2)).as("what the shard says").isEqualTo("{k=" + machine.lists.get("k") + "}");
    }

    @Test
    void aFencedCoordinatorEnds() {
        open();
        scheduler.runUntilQuiet();
        CoordinatorHandle<ListMachine> before = handle;
        open();
        before.submit(ListMachine.add(1, List.of("k")), this::answered);
        scheduler.runUntilQuiet();
        assertThat(answers).containsExactly("FENCED");
        before.submit(ListMachine.add(2, List.of("k")), this::answered);
        scheduler.runUntilQuiet();
        assertThat(answers).containsExactly("FENCED", "CLOSED");
        assertThat(machine.lists).isEmpty();
    }

    @Test
    void aFailedLoadIsTriedAgain() {
        open();
        scheduler.runUntilQuiet();
        onLoop(() -> owned.store.append(batch(null, "no key"), Durability.MEMORY, (base, failure) -> {}));
        open();
        scheduler.runForMillis(20);
        assertThat(handle.problem()).contains("without key");
        assertThat(handle.loaded().toCompletableFuture()).isCompletedExceptionally();
        add(1, "k");
        scheduler.runForMillis(20);
        assertThat(answers).containsExactly("UNAVAILABLE");

        onLoop(() -> owned.store.deletePrefix(1));
        scheduler.runForMillis(1000);
        assertThat(handle.problem()).isNull();
        add(2, "k");
        scheduler.runForMillis(100);
        assertThat(answers).containsExactly("UNAVAILABLE", "{k=2,}");
    }

    // --- the log, as coordinators with threads of their own use it

    @Test
    void theLogTakesBatchesInTheOrderOfTheirOffsets() {
        owned = shard.open(loop);
        CoordinatorTenure tenure = begin();
        assertThat(tenure.endOffset()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(tenure.append(i, batch("k", "" + i), Durability.FSYNC, this::appended))
                    .isNull();
        }
        scheduler.runUntilQuiet();
        assertThat(answers).containsExactly("0", "1", "2");
    }

    @Test
    void anUnexpectedOffsetEndsTheTenureAndNothingBehindItLands() {
        owned = shard.open(loop);
        CoordinatorTenure tenure = begin();
        tenure.append(0, batch("k", "0"), Durability.FSYNC, this::appended);
        tenure.append(5, batch("k", "5"), Durability.FSYNC, this::appended);
        tenure.append(1, batch("k", "1"), Durability.FSYNC, this::appended);
        scheduler.runUntilQuiet();

        assertThat(answers).containsExactly("0", "REVISION_MISMATCH", "NOT_OWNER");
        assertThat(shard.committed).containsExactly("k=0");
        assertThat(tenure.append(1, batch("k", "x"), Durability.FSYNC, this::appended))
                .isEqualTo(RmqError.NOT_OWNER);
        assertThat(begin().endOffset()).isEqualTo(1);
    }

    @Test
    void aFullInboxEndsTheTenure() {
        owned = shard.open(loop);
        CoordinatorTenure tenure = begin();
        List<RmqError> refusals = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            refusals.add(tenure.append(i, batch("k", "" + i), Durability.FSYNC, this::appended));
        }
        scheduler.runUntilQuiet();
        assertThat(refusals).containsExactly(null, null, null, null, RmqError.OVERLOADED, RmqError.NOT_OWNER);
        assertThat(answers).as("none had reached the shard").hasSize(4).containsOnly("NOT_OWNER");
        assertThat(begin().endOffset()).isZero();
    }

    @Test
    void aNewTenureWaitsForWhatIsInTheStore() {
        owned = shard.open(loop);
        CoordinatorTenure tenure = begin();
        for (int i = 0; i < 4; i++) {
            tenure.append(i, batch("k", "" + i), Durability.FSYNC, this::appended);
        }
        scheduler.step();
        CoordinatorTenure next = begin();
        assertThat(next.endOffset()).isEqualTo(shard.committed.size()).isLessThan(4);
        scheduler.runUntilQuiet();
        assertThat(shard.committed).hasSize((int) next.endOffset());
        assertThat(answers).hasSize(4).contains("NOT_OWNER");
    }

    private ShardCoordinatorLog ownLog;

    private CoordinatorTenure begin() {
        if (ownLog == null) {
            ownLog = owned.log(4);
        }
        var begun = ownLog.begin().toCompletableFuture();
        scheduler.runUntilQuiet();
        return begun.join();
    }

    private void appended(long base, io.robustmq.kernel.RmqException failure) {
        answers.add(failure == null ? Long.toString(base) : failure.error().name());
    }

    private static RecordBatch batch(String key, String value) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024);
        builder.begin(0);
        builder.append(
                0, key == null ? null : ListMachine.bytes(key), ListMachine.bytes(value), new HeaderBlockWriter());
        return builder.build(UnpooledByteBufAllocator.DEFAULT);
    }
}
