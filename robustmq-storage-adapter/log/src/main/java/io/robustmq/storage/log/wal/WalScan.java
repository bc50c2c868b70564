/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads a write-ahead log from a position to its end, and tells a torn end from lost data: damage is a torn tail unless some
 * group further on says that what is damaged had been forced. Whatever the bytes are, the answer is a verdict. Used once;
 * confined to one disk thread.
 */
public final class WalScan {
    private static final int WINDOW_BYTES = 1 << 20;
    /** Where a batch says its CRC, and from where that counts. */
    private static final int BATCH_CRC_AT = 17;

    private final Disk disk;
    private final WalFiles files;
    private final int diskId;
    private final WalVisitor visitor;
    private final List<Frame> frames = new ArrayList<>();
    private final CRC32C crc = new CRC32C();
    private final ByteBuf window = PooledByteBufAllocator.DEFAULT.directBuffer(WINDOW_BYTES);
    private long windowAt = -1;
    private long session;
    private int healed;
    private String damage = "";

    private record Frame(WalRecordType type, int stream, int flags, int contentAt, int length, boolean whole) {}

    /**
     * @param session the lowest that may stand at the position
     * @param diskId of the store id
     */
    public WalScan(Disk disk, WalFiles files, int diskId, long session, WalVisitor visitor) {
        this.disk = disk;
        this.files = files;
        this.diskId = diskId;
        this.session = session;
        this.visitor = visitor;
    }

    /** Throws NOT_SUPPORTED for a log of a newer version, and what the visitor throws. */
    public WalEnd run(long from) {
        long position = from;
        try {
            for (; ; ) {
                int bytes = group(position);
                if (bytes == 0) {
                    return end(position);
                }
                position += bytes;
            }
        } finally {
            window.release();
        }
    }

    // --- one group

    /** Its bytes with padding; 0 when no whole group begins there. */
    private int group(long position) {
        damage = "";
        if (!files.exists(position / files.fileBytes())) {
            return 0;
        }
        int at = load(position, WalFormat.PAGE_BYTES);
        if (at < 0 || !isHeader(at, position, session)) {
            // Zeros are what nobody has written yet.
            damage = at >= 0 && isZero(at, WalFormat.PAGE_BYTES) ? "" : "no group header";
            return 0;
        }
        int bytes = window.getInt(at + WalFormat.GROUP_AT);
        int body = window.getInt(at + WalFormat.BODY_AT);
        int count = window.getInt(at + WalFormat.COUNT_AT);
        if (count > 0) {
            at = load(position, bytes);
            damage = at < 0 ? "the file ends inside the group" : framesAt(at, body, count);
            if (!damage.isEmpty()) {
                return 0;
            }
            if (!frames.stream().allMatch(Frame::whole)) {
                damage = "a batch's checksum is wrong";
                // Only what was forced is worth healing: a torn group never was acknowledged.
                if (forcedBehind(position + bytes, window.getLong(at + WalFormat.SESSION_AT)).forced <= position) {
                    return 0;
                }
                at = load(position, bytes);
                framesAt(at, body, count);
            }
        }
        session = window.getLong(at + WalFormat.SESSION_AT);
        return deliver(position, at, bytes, count) ? bytes : 0;
    }

    /** False when a damaged batch is nowhere else. */
    private boolean deliver(long position, int at, int bytes, int count) {
        visitor.group(
                position,
                window.getLong(at + WalFormat.FORCED_AT),
                session,
                window.getLong(at + WalFormat.TIME_AT),
                count,
                bytes);
        if (count == 0) {
            return true;
        }
        for (Frame frame : frames) {
            if (frame.whole) {
                visitor.frame(
                        position, frame.type, frame.stream, frame.flags, window.slice(frame.contentAt, frame.length));
            } else if (frame.length >= WalFormat.OUTER_BYTES
                    && visitor.heal(
                            position,
                            frame.stream,
                            frame.flags,
                            window.slice(frame.contentAt, WalFormat.OUTER_BYTES))) {
                healed++;
            } else {
                return false;
            }
        }
        return true;
    }

    private boolean isHeader(int at, long position, long minSession) {
        if (window.getInt(at) != WalFormat.MAGIC
                || window.getInt(at + WalFormat.CRC_AT) != WalFormat.crc(window, at, WalFormat.CRC_AT)
                || window.getInt(at + WalFormat.DISK_AT) != diskId
                || window.getLong(at + WalFormat.POSITION_AT) != position
                || window.getLong(at + WalFormat.SESSION_AT) < minSession) {
            return false;
        }
        int version = window.getUnsignedShort(at + WalFormat.VERSION_AT);
        if (version > WalFormat.VERSION) {
            throw RmqError.NOT_SUPPORTED.exception("the write-ahead log has version " + version
                    + ", this program reads up to " + WalFormat.VERSION + ": use the newer one");
        }
        int bytes = window.getInt(at + WalFormat.GROUP_AT);
        int body = window.getInt(at + WalFormat.BODY_AT);
        long rest = files.fileBytes() - position % files.fileBytes();
        return bytes >= WalFormat.PAGE_BYTES
                && bytes % WalFormat.PAGE_BYTES == 0
                && bytes <= rest
                && body >= 0
                && body <= bytes - WalFormat.HEADER_BYTES;
    }

    /** Fills {@link #frames}; answers what is wrong, or nothing. */
    private String framesAt(int at, int body, int count) {
        frames.clear();
        CRC32C all = new CRC32C();
        int next = at + WalFormat.HEADER_BYTES;
        int end = next + body;
        for (int frame = 0; frame < count; frame++) {
            if (end - next < WalFormat.FRAME_BYTES) {
                return "the frames end early";
            }
            WalFormat.update(all, window, next, WalFormat.FRAME_BYTES);
            int length = window.getInt(next + 8);
            if (length < 0 || length > end - next - WalFormat.FRAME_BYTES) {
                return "a frame is longer than its group";
            }
            WalRecordType type = WalRecordType.ofCode(window.getByte(next));
            if (type == null) {
                return "an unknown frame";
            }
            int summed = type == WalRecordType.BATCH ? Math.min(length, WalFormat.OUTER_BYTES) : length;
            crc.reset();
            WalFormat.update(crc, window, next, WalFormat.FRAME_BYTES - Integer.BYTES);
            WalFormat.update(crc, window, next + WalFormat.FRAME_BYTES, summed);
            if (window.getInt(next + WalFormat.FRAME_BYTES - Integer.BYTES) != (int) crc.getValue()) {
                return "a frame's checksum is wrong";
            }
            int content = next + WalFormat.FRAME_BYTES;
            boolean whole = type != WalRecordType.BATCH || isWholeBatch(content, length);
            frames.add(new Frame(type, window.getInt(next + 4), window.getByte(next + 1), content, length, whole));
            next = content + length;
        }
        return next == end && window.getInt(at + WalFormat.FRAMES_CRC_AT) == (int) all.getValue()
                ? ""
                : "the frames' checksum is wrong";
    }

    private boolean isWholeBatch(int at, int length) {
        return length > WalFormat.OUTER_BYTES
                && window.getInt(at + BATCH_CRC_AT)
                        == WalFormat.crc(window, at + WalFormat.OUTER_BYTES, length - WalFormat.OUTER_BYTES);
    }

    // --- the end

    private WalEnd end(long position) {
        String reason = damage;
        Found found = forcedBehind(position + WalFormat.PAGE_BYTES, session);
        if (found.forced > position) {
            return new WalEnd(
                    position,
                    found.session,
                    WalEnd.Verdict.CORRUPT,
                    found.at,
                    (reason.isEmpty() ? "nothing is there" : reason) + ", but it had been forced up to " + found.forced,
                    healed);
        }
        WalEnd.Verdict verdict = reason.isEmpty() && found.at < 0 ? WalEnd.Verdict.CLEAN : WalEnd.Verdict.TORN;
        return new WalEnd(position, Math.max(session, found.session), verdict, position, reason, healed);
    }

    /** The first header further on, and the highest position that any of them calls forced; -1 when there is none. */
    private record Found(long at, long forced, long session) {}

    private Found forcedBehind(long from, long minSession) {
        long first = -1;
        long forced = -1;
        long highest = minSession;
        long end = (files.last() + 1) * files.fileBytes();
        long position = from;
        while (position < end) {
            if (!files.exists(position / files.fileBytes())) {
                position = (position / files.fileBytes() + 1) * files.fileBytes();
                continue;
            }
            int at = load(position, WalFormat.PAGE_BYTES);
            if (at >= 0 && isHeader(at, position, minSession)) {
                first = first < 0 ? position : first;
                forced = Math.max(forced, window.getLong(at + WalFormat.FORCED_AT));
                highest = Math.max(highest, window.getLong(at + WalFormat.SESSION_AT));
            }
            position += WalFormat.PAGE_BYTES;
        }
        return new Found(first, forced, highest);
    }

    // --- bytes

    private int windowOffset(long position) {
        return (int) (position - windowAt);
    }

    /** Makes that many bytes readable; answers where they begin in the window, -1 when the file does not hold them. */
    private int load(long position, int bytes) {
        if (windowAt >= 0 && position >= windowAt && position + bytes <= windowAt + window.writerIndex()) {
            return windowOffset(position);
        }
        long inFile = position % files.fileBytes();
        int wanted = (int) Math.min(Math.max(bytes, WINDOW_BYTES), files.fileBytes() - inFile);
        window.clear();
        windowAt = -1;
        try (DiskFile file = disk.open(WalFiles.path(position / files.fileBytes()))) {
            file.read(inFile, window, wanted);
        }
        windowAt = position;
        return window.writerIndex() < bytes ? -1 : 0;
    }

    private boolean isZero(int at, int length) {
        for (int i = at; i < at + length; i += Long.BYTES) {
            if (window.getLong(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
