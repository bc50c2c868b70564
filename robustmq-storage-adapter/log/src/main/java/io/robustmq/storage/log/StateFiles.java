/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.storage.StateSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Derived state of streams: a file for each name, written aside and renamed. For one stream on one disk thread at a time.
 * Stateless.
 */
public final class StateFiles {
    private static final int MAGIC = 0x524D5153;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 24;
    private static final int NAME_BYTES_MAX = 100;

    private StateFiles() {}

    private static String path(LogStream stream, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > NAME_BYTES_MAX) {
            throw RmqError.INVALID_REQUEST.exception(
                    "the name of a state has 1 to " + NAME_BYTES_MAX + " bytes, not " + bytes.length);
        }
        boolean plain = name.chars().allMatch(c -> c == '-' || c == '_' || c < 128 && Character.isLetterOrDigit(c));
        // A dot keeps encoded names apart from plain ones.
        return stream.directory() + "/state-"
                + (plain ? name : "." + HexFormat.of().formatHex(bytes));
    }

    /** Durable when it returns; the bytes are borrowed. */
    static void put(Disk disk, LogStream stream, String name, long offset, ByteBuf bytes) {
        String path = path(stream, name);
        String aside = path + ".new";
        ByteBuf header = Unpooled.buffer(HEADER_BYTES)
                .writeInt(MAGIC)
                .writeInt(VERSION)
                .writeLong(offset)
                .writeInt(bytes.readableBytes());
        header.writeInt(crc(header, bytes));
        disk.createDirectory(stream.directory());
        if (disk.exists(aside)) {
            disk.delete(aside);
        }
        try (DiskFile file = disk.create(aside, 0)) {
            file.write(0, header, bytes);
            file.force();
        }
        disk.rename(aside, path);
    }

    private static int crc(ByteBuf header, ByteBuf bytes) {
        CRC32C crc = new CRC32C();
        crc.update(header.nioBuffer(0, HEADER_BYTES - Integer.BYTES));
        crc.update(bytes.nioBuffer());
        return (int) crc.getValue();
    }

    /** Offset -1 when there is none. CORRUPT_DATA when it is damaged: derived state can be derived again. */
    static StateSnapshot get(Disk disk, LogStream stream, String name) {
        String path = path(stream, name);
        if (!disk.exists(path)) {
            return new StateSnapshot(-1, Unpooled.EMPTY_BUFFER);
        }
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer();
        try (DiskFile file = disk.open(path)) {
            file.read(0, bytes, Math.toIntExact(file.size()));
            check(path, bytes);
            long offset = bytes.getLong(8);
            return new StateSnapshot(offset, bytes.readerIndex(HEADER_BYTES).retain());
        } finally {
            bytes.release();
        }
    }

    /** CORRUPT_DATA when the file is damaged, NOT_SUPPORTED when it is newer. */
    static void verify(Disk disk, String path) {
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer();
        try (DiskFile file = disk.open(path)) {
            file.read(0, bytes, Math.toIntExact(file.size()));
            check(path, bytes);
        } finally {
            bytes.release();
        }
    }

    private static void check(String path, ByteBuf bytes) {
        boolean whole = bytes.readableBytes() >= HEADER_BYTES
                && bytes.getInt(0) == MAGIC
                && bytes.getInt(16) == bytes.readableBytes() - HEADER_BYTES;
        if (!whole || bytes.getInt(20) != crc(bytes, bytes.slice(HEADER_BYTES, bytes.readableBytes() - HEADER_BYTES))) {
            throw RmqError.CORRUPT_DATA.exception(path + " is damaged");
        }
        // Behind the checksum: a wrong bit is no newer version.
        if (bytes.getInt(4) > VERSION) {
            throw RmqError.NOT_SUPPORTED.exception(
                    path + " has version " + bytes.getInt(4) + ": use the newer program that wrote it");
        }
    }
}
