/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.AlignedMemory;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.contract.DiskContract;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SimDiskTest extends DiskContract {
    private final SimScheduler scheduler = new SimScheduler(1);
    private final SimDisk disk = new SimDisk(scheduler, "d");

    @Override
    protected Disk disk() {
        return disk;
    }

    private static ByteBuf filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return Unpooled.wrappedBuffer(bytes);
    }

    private static byte[] contents(Disk disk, String path) {
        try (DiskFile file = disk.open(path)) {
            ByteBuf target = Unpooled.buffer();
            file.read(0, target, (int) file.size());
            return io.netty.buffer.ByteBufUtil.getBytes(target);
        }
    }

    private static void assertError(RmqError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void whatWasWrittenThroughSurvivesAndALaterCrashTakesOnlyTheRest() {
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(new SimScheduler(seed), "d");
            DiskFile file = disk.create("log", 0);
            file.write(0, filled(4096, 'a'));
            ByteBuf page = AlignedMemory.allocate(4096).writeBytes(filled(4096, 'b'));
            file.writeThrough(4096, page);
            file.writeThrough(0, page);
            file.write(8192, filled(4096, 'c'));
            disk.crash();
            assertThat(Arrays.copyOf(contents(disk, "log"), 8192)).containsOnly('b');
        }
    }

    @Test
    void aFailedWriteThroughTears() {
        Set<Byte> first = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(new SimScheduler(seed), "d");
            DiskFile file = disk.create("log", 4096);
            disk.failForceAfter(1);
            ByteBuf page = AlignedMemory.allocate(4096).writeBytes(filled(4096, 'b'));
            disk.create("other", 0);
            assertError(RmqError.STORAGE_FAILED, () -> file.writeThrough(0, page));
            assertThat(contents(disk, "log")).as("seen").containsOnly('b');
            disk.crash();
            byte[] after = contents(disk, "log");
            assertThat(after).containsAnyOf((byte) 'b').containsAnyOf((byte) 0);
            first.add(after[0]);
        }
        assertThat(first).hasSize(2);
    }

    @Test
    void failsReadsAndWritesAndTurnsReadOnly() {
        DiskFile file = disk.create("log", 0);
        DiskFile other = disk.create("other", 0);
        disk.failWriteAfter(1);
        file.write(0, filled(10, 'a'));
        assertError(RmqError.STORAGE_FAILED, () -> file.write(0, filled(10, 'b')));
        assertThat(contents(disk, "log")).containsOnly('a');
        disk.failReadsOf("log");
        assertError(RmqError.STORAGE_FAILED, () -> file.read(0, Unpooled.buffer(), 1));
        assertThat(other.read(0, Unpooled.buffer(), 1)).isZero();
        disk.failReadsOf(null);
        disk.readOnly(true);
        assertError(RmqError.STORAGE_FAILED, () -> file.write(0, filled(10, 'b')));
        assertError(RmqError.STORAGE_FAILED, () -> disk.delete("other"));
        assertThat(contents(disk, "log")).containsOnly('a');
        disk.readOnly(false);
        file.write(0, filled(10, 'b'));
        assertThat(contents(disk, "log")).containsOnly('b');
    }

    @Test
    void aCrashMayTakeAFileWhoseNameWasNotForced() {
        Set<Boolean> kept = new HashSet<>();
        for (long seed = 0; seed < 30; seed++) {
            SimDisk disk = new SimDisk(new SimScheduler(seed), "d");
            disk.createUnforced("d/forced").close();
            disk.forceNames("d");
            disk.createUnforced("d/not").force();
            disk.crash();
            assertThat(disk.exists("d/forced")).isTrue();
            kept.add(disk.exists("d/not"));
        }
        assertThat(kept).hasSize(2);
    }

    @Test
    void aCrashKeepsWhatWasForcedAndTearsOnlyWhatWasNot() {
        Set<String> outcomes = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            SimDisk disk = new SimDisk(new SimScheduler(seed), "d");
            DiskFile file = disk.create("log", 0);
            file.write(0, filled(2000, 'a'));
            file.force();
            file.write(2000, filled(3000, 'b'));
            disk.crash();
            assertError(RmqError.STORAGE_FAILED, file::size);
            byte[] after = contents(disk, "log");
            assertThat(after).hasSizeBetween(2000, 5000);
            assertThat(Arrays.copyOf(after, 2000)).containsOnly('a');
            outcomes.add(outcome(after));
        }
        assertThat(outcomes).contains("lost", "whole", "torn");
    }

    private static String outcome(byte[] bytes) {
        int kept = 0;
        for (int i = 2000; i < bytes.length; i++) {
            // Whole sectors of the disk arrive, and a hole between them reads as zeros.
            assertThat(bytes[i]).isIn((byte) 'b', (byte) 0);
            if (i > 2000 && i % 512 != 0) {
                assertThat(bytes[i]).isEqualTo(bytes[i - 1]);
            }
            kept += bytes[i] == 'b' ? 1 : 0;
        }
        return kept == 0 ? "lost" : kept == 3000 ? "whole" : "torn";
    }

    @Test
    void theSameSeedTearsInTheSameWay() {
        assertThat(tornBytes(5)).isEqualTo(tornBytes(5));
        Set<Integer> different = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            different.add(Arrays.hashCode(tornBytes(seed)));
        }
        assertThat(different).hasSizeGreaterThan(5);
    }

    private static byte[] tornBytes(long seed) {
        SimDisk disk = new SimDisk(new SimScheduler(seed), "d");
        DiskFile file = disk.create("log", 100_000);
        for (int i = 1; i < 20; i++) {
            file.write(i * 4000, filled(4000, i));
        }
        disk.crash();
        return contents(disk, "log");
    }

    @Test
    void whatAFailedForceHeldIsLostAlthoughTheNextForceSucceeds() {
        DiskFile file = disk.create("log", 0);
        disk.failForceAfter(1);
        file.write(0, filled(10, 'a'));
        file.force();
        file.write(10, filled(10, 'b'));
        assertError(RmqError.STORAGE_FAILED, file::force);
        file.force();
        assertThat(contents(disk, "log")).as("still in the page cache").hasSize(20);
        disk.crash();
        assertThat(contents(disk, "log")).hasSize(10);
    }

    @Test
    void namesAreDurableAtOnceAndContentsAreNot() {
        DiskFile file = disk.create("tmp", 0);
        file.write(0, filled(10, 'a'));
        file.force();
        disk.rename("tmp", "current");
        disk.create("empty", 3).close();
        disk.crash();
        assertThat(disk.list("")).containsExactly("current", "empty");
        assertThat(contents(disk, "current")).hasSize(10).containsOnly('a');
        assertThat(contents(disk, "empty")).containsExactly(0, 0, 0);
    }

    @Test
    void isFullExactlyAtItsCapacity() {
        disk.capacity(100);
        DiskFile file = disk.create("log", 60);
        file.write(60, filled(40, 'a'));
        assertThat(disk.freeBytes()).isZero();
        assertError(RmqError.STORAGE_FULL, () -> file.write(100, filled(1, 'b')));
        file.write(0, filled(100, 'c'));
        assertError(RmqError.STORAGE_FULL, () -> disk.create("other", 1));
        disk.delete("log");
        assertThat(disk.freeBytes()).isEqualTo(100);
    }

    @Test
    void aSlowForceHoldsTheDiskThread() {
        disk.slowForce(5_000_000, 5_000_000);
        SimLoopGroup node = scheduler.loops("node", 2);
        StringBuilder seen = new StringBuilder();
        node.get(0).execute(() -> {
            DiskFile file = disk.create("log", 0);
            file.force();
            node.get(1).execute(() -> seen.append("done"));
        });
        scheduler.runForMillis(9);
        assertThat(seen).isEmpty();
        scheduler.runForMillis(1);
        assertThat(seen).hasToString("done");
    }

    @Test
    void rotFlipsOneBitForGood() {
        DiskFile file = disk.create("log", 0);
        file.write(0, filled(100, 0));
        file.force();
        disk.rot("log", 42);
        disk.crash();
        byte[] after = contents(disk, "log");
        int bits = 0;
        for (byte b : after) {
            bits += Integer.bitCount(b & 0xFF);
        }
        assertThat(bits).isOne();
        assertThat(after[42]).isNotZero();
        disk.rotAnywhere("log");
        assertThat(contents(disk, "log")).isNotEqualTo(after);
    }

    @Test
    void aBrokenDiskAnswersNothing() {
        DiskFile file = disk.create("log", 0);
        disk.breakDown();
        assertError(RmqError.STORAGE_FAILED, file::force);
        assertError(RmqError.STORAGE_FAILED, () -> file.write(0, filled(1, 1)));
        assertError(RmqError.STORAGE_FAILED, () -> disk.open("log"));
        assertError(RmqError.STORAGE_FAILED, () -> disk.list(""));
    }
}
