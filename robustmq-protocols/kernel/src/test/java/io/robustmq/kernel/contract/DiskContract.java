/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.AlignedMemory;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every disk does while nothing fails. */
public abstract class DiskContract {

    /** An empty disk; the same one during a test. */
    protected abstract Disk disk();

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }

    private static String read(DiskFile file, long position, int length) {
        ByteBuf target = PooledByteBufAllocator.DEFAULT.directBuffer(1);
        try {
            int read = file.read(position, target, length);
            assertThat(target.readableBytes()).isEqualTo(read);
            return target.toString(UTF_8);
        } finally {
            target.release();
        }
    }

    private static void assertError(RmqError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void readsBackWhatWasWrittenWhereItWasWritten() {
        try (DiskFile file = disk().create("log", 0)) {
            assertThat(file.size()).isZero();
            assertThat(file.path()).isEqualTo("log");
            ByteBuf hello = bytes("hello");
            file.write(0, hello);
            assertThat(hello.readableBytes()).as("borrowed").isEqualTo(5);
            file.write(5, bytes(" "), bytes("wide"), Unpooled.EMPTY_BUFFER, bytes(" world"));
            file.force();
            assertThat(read(file, 0, 100)).isEqualTo("hello wide world");
            assertThat(read(file, 6, 4)).isEqualTo("wide");
            assertThat(read(file, 16, 1)).isEmpty();
            assertThat(read(file, 1000, 1)).isEmpty();
            assertThat(file.size()).isEqualTo(16);
            file.write(0, bytes("J"));
            file.write(0);
            assertThat(read(file, 0, 5)).isEqualTo("Jello");
        }
        try (DiskFile file = disk().open("log")) {
            assertThat(read(file, 0, 100)).isEqualTo("Jello wide world");
        }
    }

    @Test
    void handsItsBytesToAChannel() throws java.io.IOException {
        try (DiskFile file = disk().create("sent", 0)) {
            file.write(0, bytes("hello wide world"));
            java.io.ByteArrayOutputStream sent = new java.io.ByteArrayOutputStream();
            java.nio.channels.WritableByteChannel channel = java.nio.channels.Channels.newChannel(sent);
            assertThat(file.transferTo(6, 4, channel)).isEqualTo(4);
            assertThat(file.transferTo(11, 100, channel)).isEqualTo(5);
            assertThat(file.transferTo(16, 1, channel)).isZero();
            assertThat(sent.toString(UTF_8)).isEqualTo("wideworld");
        }
    }

    @Test
    void gathersMoreBuffersThanOneSystemCallTakes() {
        ByteBuf[] buffers = new ByteBuf[3000];
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes((i + ",").getBytes(UTF_8));
            expected.append(i).append(',');
        }
        try (DiskFile file = disk().create("many", 0)) {
            file.write(7, buffers);
            assertThat(read(file, 7, 100_000)).isEqualTo(expected.toString());
            assertThat(read(file, 0, 7)).as("a hole reads as zeros").isEqualTo("\0".repeat(7));
        }
        for (ByteBuf buffer : buffers) {
            assertThat(buffer.release()).isTrue();
        }
    }

    @Test
    void preallocatesZeros() {
        try (DiskFile file = disk().create("wal", 5000)) {
            assertThat(file.size()).isEqualTo(5000);
            file.write(100, bytes("x"));
            assertThat(file.size()).isEqualTo(5000);
            assertThat(read(file, 99, 3)).isEqualTo("\0x\0");
        }
    }

    @Test
    void writesThroughWholePages() {
        ByteBuf page = AlignedMemory.allocate(3 * AlignedMemory.ALIGNMENT);
        page.writeBytes("x".repeat(2 * AlignedMemory.ALIGNMENT).getBytes(UTF_8));
        try (DiskFile file = disk().create("wal", 4 * AlignedMemory.ALIGNMENT)) {
            file.write(0, bytes("first"));
            file.writeThrough(AlignedMemory.ALIGNMENT, page);
            assertThat(page.readableBytes()).as("borrowed").isEqualTo(2 * AlignedMemory.ALIGNMENT);
            assertThat(file.size()).isEqualTo(4 * AlignedMemory.ALIGNMENT);
            assertThat(read(file, 0, 6)).isEqualTo("first\0");
            assertThat(read(file, AlignedMemory.ALIGNMENT - 1, 3)).isEqualTo("\0xx");
            assertThat(read(file, 3 * AlignedMemory.ALIGNMENT - 1, 2)).isEqualTo("x\0");
            file.writeThrough(4 * AlignedMemory.ALIGNMENT, page);
            assertThat(file.size()).as("grows").isEqualTo(6 * AlignedMemory.ALIGNMENT);
            assertError(RmqError.INVALID_REQUEST, () -> file.writeThrough(512, page));
            assertError(RmqError.INVALID_REQUEST, () -> file.writeThrough(0, page.slice(1, 4096)));
            assertError(RmqError.INVALID_REQUEST, () -> file.writeThrough(0, page.slice(0, 100)));
            assertError(
                    RmqError.INVALID_REQUEST,
                    () -> file.writeThrough(0, Unpooled.buffer().writeZero(4096)));
            file.close();
            assertError(RmqError.CLOSED, () -> file.writeThrough(0, page));
        }
    }

    @Test
    void truncates() {
        try (DiskFile file = disk().create("cut", 0)) {
            file.write(0, bytes("0123456789"));
            file.truncate(4);
            file.truncate(8);
            assertThat(file.size()).isEqualTo(4);
            file.write(6, bytes("x"));
            assertThat(read(file, 0, 10)).isEqualTo("0123\0\0x");
        }
    }

    @Test
    void isLockedByOneAtATime() throws Exception {
        AutoCloseable lock = disk().lock("lock");
        assertError(RmqError.UNAVAILABLE, () -> disk().lock("lock"));
        lock.close();
        disk().lock("lock").close();
    }

    @Test
    void makesFilesWithoutWaiting() {
        try (DiskFile file = disk().createUnforced("x/y/file")) {
            file.write(0, bytes("there"));
            file.force();
            disk().forceNames("x/y");
            assertThat(read(file, 0, 10)).isEqualTo("there");
            assertThat(disk().list("x")).containsExactly("y");
            assertError(RmqError.INVALID_REQUEST, () -> disk().createUnforced("x/y/file"));
        }
    }

    @Test
    void keepsADirectoryTree() {
        Disk disk = disk();
        assertThat(disk.list("")).isEmpty();
        disk.createDirectory("");
        disk.createDirectory("a/b");
        disk.createDirectory("a/b");
        disk.create("a/b/2", 0).close();
        disk.create("a/b/1", 0).close();
        disk.create("top", 0).close();
        assertThat(disk.list("")).containsExactly("a", "top");
        assertThat(disk.list("a")).containsExactly("b");
        assertThat(disk.list("a/b")).containsExactly("1", "2");
        assertThat(disk.exists("a")).isTrue();
        assertThat(disk.exists("a/b/1")).isTrue();
        assertThat(disk.exists("a/b/3")).isFalse();
        disk.delete("a/b/1");
        assertThat(disk.list("a/b")).containsExactly("2");
        assertError(RmqError.STORAGE_FAILED, () -> disk.delete("a/b"));
        disk.delete("a/b/2");
        disk.delete("a/b");
        assertThat(disk.list("a")).isEmpty();
    }

    @Test
    void renamesOverAnExistingFile() {
        Disk disk = disk();
        try (DiskFile old = disk.create("current", 0);
                DiskFile fresh = disk.create("current.tmp", 0)) {
            old.write(0, bytes("old"));
            fresh.write(0, bytes("new"));
            fresh.force();
            disk.rename("current.tmp", "current");
            fresh.write(3, bytes("!"));
        }
        assertThat(disk.list("")).containsExactly("current");
        try (DiskFile file = disk.open("current")) {
            assertThat(read(file, 0, 10)).isEqualTo("new!");
        }
    }

    @Test
    void answersItsOwnErrors() {
        Disk disk = disk();
        assertError(RmqError.NOT_FOUND, () -> disk.open("absent"));
        assertError(RmqError.NOT_FOUND, () -> disk.delete("absent"));
        assertError(RmqError.NOT_FOUND, () -> disk.rename("absent", "other"));
        assertError(RmqError.NOT_FOUND, () -> disk.list("absent"));
        assertError(RmqError.NOT_FOUND, () -> disk.create("absent/file", 0));
        assertError(RmqError.INVALID_REQUEST, () -> disk.open("../outside"));
        assertError(RmqError.INVALID_REQUEST, () -> disk.open("/etc/passwd"));
        DiskFile file = disk.create("file", 0);
        assertError(RmqError.INVALID_REQUEST, () -> disk.create("file", 0));
        file.close();
        file.close();
        assertError(RmqError.CLOSED, file::size);
        assertError(RmqError.CLOSED, file::force);
        assertError(RmqError.CLOSED, () -> file.write(0, bytes("x")));
        assertError(RmqError.CLOSED, () -> file.truncate(0));
        assertError(RmqError.CLOSED, () -> read(file, 0, 1));
        assertThat(disk.freeBytes()).isPositive();
    }
}
