/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * All streams of a disk as of a position of its write-ahead log; a restart replays from there. Immutable.
 *
 * @param position what is below is in the descriptions and in the segments
 * @param session of the write-ahead log when it was taken
 * @param nextNumber for the next stream
 * @param clean the last of its session: nothing was written behind it
 */
public record Checkpoint(long position, long session, int nextNumber, boolean clean, List<StreamDescription> streams) {
    static final Checkpoint NONE = new Checkpoint(0, 0, 1, true, List.of());
    public static final int VERSION = 1;
    private static final int MAGIC = 0x524D5143;
    private static final String PREFIX = "checkpoint-";
    private static final String ASIDE = "new-checkpoint";
    private static final int KEPT = 2;

    public Checkpoint {
        streams = List.copyOf(streams);
    }

    static String path(long position) {
        return PREFIX + String.format(Locale.ROOT, "%019d", position);
    }

    /** Their paths, newest first. */
    public static List<String> paths(Disk disk) {
        List<String> paths = new ArrayList<>(
                disk.list("").stream().filter(name -> name.startsWith(PREFIX)).toList());
        java.util.Collections.reverse(paths);
        return paths;
    }

    /**
     * The newest one that is whole; null when there is none. A damaged one is passed over, because the write-ahead log is kept
     * from the one before it on.
     */
    static @Nullable Checkpoint newest(Disk disk) {
        List<String> paths = paths(disk);
        RmqException damage = null;
        for (String path : paths) {
            try {
                return read(disk, path);
            } catch (RmqException e) {
                if (e.error() != RmqError.CORRUPT_DATA) {
                    throw e;
                }
                damage = e;
            }
        }
        if (damage != null) {
            throw damage;
        }
        return null;
    }

    /** CORRUPT_DATA when it is damaged, NOT_SUPPORTED when it is newer. */
    public static Checkpoint read(Disk disk, String path) {
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer();
        try (DiskFile file = disk.open(path)) {
            file.read(0, bytes, Math.toIntExact(file.size()));
            return decode(bytes, path);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw RmqError.CORRUPT_DATA.exception(path + " is damaged: " + e.getMessage());
        } finally {
            bytes.release();
        }
    }

    private static Checkpoint decode(ByteBuf bytes, String path) {
        int summed = bytes.readableBytes() - Integer.BYTES;
        if (summed < 8 || bytes.getInt(0) != MAGIC || bytes.getInt(summed) != crc(bytes, summed)) {
            throw RmqError.CORRUPT_DATA.exception(path + " is damaged: its checksum is wrong");
        }
        int version = bytes.getInt(4);
        if (version > VERSION) {
            throw RmqError.NOT_SUPPORTED.exception(
                    path + " has version " + version + ", this program reads up to " + VERSION + ": use the newer one");
        }
        bytes.skipBytes(8);
        long position = bytes.readLong();
        long session = bytes.readLong();
        int nextNumber = bytes.readInt();
        boolean clean = bytes.readBoolean();
        List<StreamDescription> streams = new ArrayList<>();
        for (int left = bytes.readInt(); left > 0; left--) {
            streams.add(StreamDescription.read(bytes));
        }
        return new Checkpoint(position, session, nextNumber, clean, streams);
    }

    /** Durable when it returns; the third last one is gone then. */
    void write(Disk disk) {
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer();
        try {
            bytes.writeInt(MAGIC).writeInt(VERSION).writeLong(position).writeLong(session);
            bytes.writeInt(nextNumber).writeBoolean(clean).writeInt(streams.size());
            streams.forEach(stream -> stream.write(bytes));
            bytes.writeInt(crc(bytes, bytes.readableBytes()));
            if (disk.exists(ASIDE)) {
                disk.delete(ASIDE);
            }
            try (DiskFile file = disk.create(ASIDE, 0)) {
                file.write(0, bytes);
                file.force();
            }
        } finally {
            bytes.release();
        }
        disk.rename(ASIDE, path(position));
        List<String> paths = paths(disk);
        paths.subList(Math.min(KEPT, paths.size()), paths.size()).forEach(disk::delete);
    }

    private static int crc(ByteBuf bytes, int length) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : bytes.nioBuffers(0, length)) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }
}
