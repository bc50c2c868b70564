/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.AlignedMemory;
import io.robustmq.kernel.RmqError;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One group while it is put together, in memory that a device takes without a copy; used again for the next. Grows for a
 * large batch and shrinks after it. Confined to the disk's writer.
 */
public final class GroupBuffer {
    private static final int INITIAL_BYTES = 64 * 1024;

    private final int maxKeptBytes;
    private final int maxGroupBytes;
    private final CRC32C frameCrc = new CRC32C();
    private final CRC32C framesCrc = new CRC32C();
    private ByteBuf buffer;
    private ByteBuffer view;
    private int frames;

    /**
     * @param maxKeptBytes memory held between groups
     * @param maxGroupBytes a group never becomes larger
     */
    GroupBuffer(int maxKeptBytes, int maxGroupBytes) {
        this.maxKeptBytes = maxKeptBytes;
        this.maxGroupBytes = maxGroupBytes;
        allocate(Math.min(INITIAL_BYTES, maxKeptBytes));
        reset();
    }

    private void allocate(int bytes) {
        buffer = AlignedMemory.allocate(bytes);
        // For checksums: one view instead of one for each frame.
        view = buffer.nioBuffer(0, bytes);
    }

    /** Forgets what was added. */
    void reset() {
        if (buffer.capacity() > maxKeptBytes) {
            buffer.release();
            allocate(Math.min(INITIAL_BYTES, maxKeptBytes));
        }
        buffer.clear().writerIndex(WalFormat.HEADER_BYTES);
        frames = 0;
        framesCrc.reset();
    }

    public boolean isEmpty() {
        return frames == 0;
    }

    /** Whether a frame with so much content can still be added. */
    public boolean fits(int contentBytes) {
        long end = (long) buffer.writerIndex() + WalFormat.FRAME_BYTES + contentBytes;
        return AlignedMemory.align(end) <= maxGroupBytes;
    }

    /** The batch's readable bytes; borrowed. */
    public void addBatch(int stream, int flags, ByteBuf batch) {
        add(WalRecordType.BATCH, stream, flags, batch, WalFormat.OUTER_BYTES);
    }

    /** The content's readable bytes; borrowed. */
    public void add(WalRecordType type, int stream, ByteBuf content) {
        add(type, stream, 0, content, content.readableBytes());
    }

    private void add(WalRecordType type, int stream, int flags, ByteBuf content, int summedBytes) {
        int length = content.readableBytes();
        if (!fits(length)) {
            throw RmqError.INTERNAL.exception(length + " bytes do not fit the group any more");
        }
        ensure(WalFormat.FRAME_BYTES + length);
        int at = buffer.writerIndex();
        buffer.writeByte(type.code())
                .writeByte(flags)
                .writeShort(0)
                .writeInt(stream)
                .writeInt(length)
                .writeInt(0);
        buffer.writeBytes(content, content.readerIndex(), length);
        frameCrc.reset();
        update(frameCrc, at, WalFormat.FRAME_BYTES - Integer.BYTES);
        update(frameCrc, at + WalFormat.FRAME_BYTES, summedBytes);
        buffer.setInt(at + WalFormat.FRAME_BYTES - Integer.BYTES, (int) frameCrc.getValue());
        update(framesCrc, at, WalFormat.FRAME_BYTES);
        frames++;
    }

    private void update(CRC32C crc, int index, int length) {
        view.limit(index + length).position(index);
        crc.update(view);
    }

    private void ensure(int bytes) {
        long needed = AlignedMemory.align((long) buffer.writerIndex() + bytes);
        if (needed <= buffer.capacity()) {
            return;
        }
        ByteBuf small = buffer;
        allocate((int) Math.min(maxGroupBytes, Math.max(needed, 2L * small.capacity())));
        buffer.writeBytes(small);
        small.release();
    }

    /** Bytes that the finished group will take. */
    int groupBytes() {
        return (int) AlignedMemory.align(buffer.writerIndex());
    }

    /** Completes header and padding; the answer is borrowed until the next {@link #reset}. */
    ByteBuf finish(GroupHeader header) {
        int body = buffer.writerIndex() - WalFormat.HEADER_BYTES;
        int padding = groupBytes() - buffer.writerIndex();
        if (padding > 0) {
            buffer.writeZero(padding);
        }
        header.write(buffer, body, frames, (int) framesCrc.getValue(), buffer.writerIndex());
        return buffer;
    }

    /** A closing group: one page, which says that the log goes on after that many bytes. */
    ByteBuf closing(GroupHeader header, int groupBytes) {
        reset();
        buffer.writeZero(WalFormat.PAGE_BYTES - WalFormat.HEADER_BYTES);
        header.write(buffer, 0, 0, 0, groupBytes);
        return buffer;
    }

    void release() {
        buffer.release();
    }
}
