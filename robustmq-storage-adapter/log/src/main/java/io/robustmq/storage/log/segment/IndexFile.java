/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The format of {@code .idx}: magic, version, length of all, footer, sparse entries, CRC32C over all before it. Magic,
 * length and the CRC at the end stay where they are in every version, so that a newer file is told from a damaged one. It
 * says nothing that the segment does not say; whoever finds it damaged builds it again.
 *
 * @param footer of the segment's first {@code footer.bytes()} bytes, which are all of it once it is sealed
 */
record IndexFile(SegmentInfo footer, SparseIndex index) {
    static final int VERSION = 1;
    private static final int MAGIC = 0x524D5149; // RMQI
    private static final int HEAD_BYTES = 3 * Integer.BYTES;
    private static final int TABLE_HEAD_BYTES = 2 * Integer.BYTES;
    private static final int BYTES_MIN = HEAD_BYTES + SegmentInfo.ENCODED_BYTES + TABLE_HEAD_BYTES + Integer.BYTES;
    static final int BYTES_MAX = BYTES_MIN + SparseIndex.ENTRIES_MAX * SparseIndex.ENTRY_BYTES;

    void write(ByteBuf target) {
        int start = target.writerIndex();
        int count = index.count();
        target.writeInt(MAGIC).writeInt(VERSION).writeInt(BYTES_MIN + count * SparseIndex.ENTRY_BYTES);
        footer.write(target);
        target.writeInt(index.intervalBytes()).writeInt(count);
        for (int entry = 0; entry < count; entry++) {
            target.writeLong(index.offset(entry)).writeInt((int) index.position(entry));
            target.writeLong(index.maxTimestampBefore(entry)).writeInt(index.crcBefore(entry));
        }
        target.writeInt(crc(target, start, target.writerIndex() - start));
    }

    /** CORRUPT_DATA when the bytes are not exactly one index; NOT_SUPPORTED when a newer build wrote it. */
    static IndexFile read(ByteBuf source, String path) {
        int start = source.readerIndex();
        int length = source.readableBytes();
        if (length < 2 * Integer.BYTES || source.getInt(start) != MAGIC) {
            throw damaged(path, "it does not begin as an index does");
        }
        int version = source.getInt(start + 4);
        boolean whole = length >= BYTES_MIN
                && length <= BYTES_MAX
                && source.getInt(start + 8) == length
                && source.getInt(start + length - 4) == crc(source, start, length - 4);
        if (!whole) {
            throw damaged(path, "length or CRC mismatch");
        }
        if (version != VERSION) {
            throw RmqError.NOT_SUPPORTED.exception(
                    path + " has format version " + version + "; this build reads " + VERSION + ": use a newer one");
        }
        source.skipBytes(HEAD_BYTES);
        SegmentInfo footer = SegmentInfo.read(source);
        int interval = source.readInt();
        int count = source.readInt();
        if (count < 0 || length != BYTES_MIN + count * SparseIndex.ENTRY_BYTES || interval < 1) {
            throw damaged(path, "its table has " + count + " entries in " + length + " bytes");
        }
        return new IndexFile(footer, readTable(source, interval, count, footer, path));
    }

    private static SparseIndex readTable(ByteBuf source, int interval, int count, SegmentInfo footer, String path) {
        SparseIndex index = new SparseIndex(interval, Math.max(1, count));
        for (int entry = 0; entry < count; entry++) {
            long offset = source.readLong();
            long position = source.readInt() & 0xFFFF_FFFFL;
            boolean rises = entry == 0
                    ? position == 0
                    : offset > index.offset(entry - 1) && position > index.position(entry - 1);
            if (!rises || position >= footer.bytes() || offset < footer.baseOffset()) {
                throw damaged(path, "its table does not rise");
            }
            index.add(offset, position, source.readLong(), source.readInt());
        }
        return index;
    }

    private static RmqException damaged(String path, String how) {
        return RmqError.CORRUPT_DATA.exception(path + " is damaged: " + how);
    }

    private static int crc(ByteBuf buffer, int index, int length) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : buffer.nioBuffers(index, length)) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }
}
