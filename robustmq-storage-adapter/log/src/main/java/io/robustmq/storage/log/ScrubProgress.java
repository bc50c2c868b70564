/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.segment.Damage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The file {@code scrub} of a disk: how far a round has come, so that one that takes longer than a node runs comes to an
 * end, and what was found. Nothing depends on it: what cannot be read is as if it were not there. Immutable.
 *
 * @param beganMillis the last round, 0 for none
 * @param endedMillis the last whole round, 0 for none
 * @param number of the stream that the round is at; those with lower numbers are done
 * @param offset up to which that stream is done; -1 when no round is under way
 */
record ScrubProgress(long beganMillis, long endedMillis, int number, long offset, List<Found> found) {
    static final String PATH = "scrub";
    static final ScrubProgress NONE = new ScrubProgress(0, 0, 0, -1, List.of());

    private static final String ASIDE = "scrub.new";
    private static final int MAGIC = 0x524D5155;
    private static final int VERSION = 1;
    private static final int BYTES_MAX = 4 << 20;

    /** A damaged range of the stream with that number. */
    record Found(int number, Damage damage) {}

    ScrubProgress {
        found = List.copyOf(found);
    }

    boolean isUnderWay() {
        return offset >= 0;
    }

    static ScrubProgress read(Disk disk) {
        try {
            if (!disk.exists(PATH)) {
                return NONE;
            }
            ByteBuf bytes = Unpooled.buffer();
            try (DiskFile file = disk.open(PATH)) {
                file.read(0, bytes, (int) Math.min(BYTES_MAX, file.size()));
            }
            return parse(bytes);
        } catch (RmqException | IndexOutOfBoundsException unreadable) {
            return NONE;
        }
    }

    private static ScrubProgress parse(ByteBuf bytes) {
        int content = bytes.readableBytes() - Integer.BYTES;
        if (content < 0 || bytes.getInt(content) != crc(bytes, content)) {
            return NONE;
        }
        if (bytes.readInt() != MAGIC || bytes.readInt() != VERSION) {
            return NONE;
        }
        long began = bytes.readLong();
        long ended = bytes.readLong();
        int number = bytes.readInt();
        long offset = bytes.readLong();
        int count = bytes.readInt();
        List<Found> found = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            int of = bytes.readInt();
            String path = text(bytes);
            found.add(new Found(
                    of,
                    new Damage(
                            path,
                            bytes.readLong(),
                            bytes.readLong(),
                            bytes.readLong(),
                            bytes.readLong(),
                            text(bytes))));
        }
        return new ScrubProgress(began, ended, number, offset, found);
    }

    private static String text(ByteBuf bytes) {
        return bytes.readCharSequence(bytes.readInt(), StandardCharsets.UTF_8).toString();
    }

    /** Not forced: what a crash takes is read once more. */
    void write(Disk disk) {
        ByteBuf bytes = Unpooled.buffer()
                .writeInt(MAGIC)
                .writeInt(VERSION)
                .writeLong(beganMillis)
                .writeLong(endedMillis)
                .writeInt(number)
                .writeLong(offset)
                .writeInt(found.size());
        for (Found each : found) {
            Damage damage = each.damage();
            bytes.writeInt(each.number());
            write(bytes, damage.path());
            bytes.writeLong(damage.fromByte()).writeLong(damage.toByte());
            bytes.writeLong(damage.fromOffset()).writeLong(damage.toOffset());
            write(bytes, damage.reason());
        }
        bytes.writeInt(crc(bytes, bytes.readableBytes()));
        if (disk.exists(ASIDE)) {
            disk.delete(ASIDE);
        }
        try (DiskFile file = disk.create(ASIDE, 0)) {
            file.write(0, bytes);
        }
        disk.rename(ASIDE, PATH);
    }

    private static void write(ByteBuf target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.writeInt(bytes.length).writeBytes(bytes);
    }

    private static int crc(ByteBuf bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.nioBuffer(0, length));
        return (int) crc.getValue();
    }
}
