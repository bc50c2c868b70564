/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the batches of a piece of a file, through a window, so that neither a large batch nor a lying length takes
 * memory. Reads headers only, unless {@link #contentIsRight} is asked. Stops at the end and at damage. Confined to one
 * thread; to be closed.
 */
final class BatchWalk implements AutoCloseable {
    /** Enough for a header, and for a run of small batches. */
    static final int HEADERS_WINDOW_BYTES = 4096;
    /** When contents are read as well. */
    static final int CONTENT_WINDOW_BYTES = 256 * 1024;

    private final DiskFile file;
    private final long end;
    private final ByteBuf window;
    private final int windowBytes;
    private final CRC32C crc = new CRC32C();
    /** The present header once its window has moved on. */
    private final ByteBuf kept = Unpooled.buffer(RecordBatch.HEADER_BYTES);

    private ByteBuf current;
    private long windowStart;
    private long position;
    private long nextPosition;
    /** Where the batch before the present one begins. */
    private long walkedFrom;

    private int header;
    private long expectedOffset = -1;
    private boolean gapsAllowed = true;
    private int epochMin = Integer.MIN_VALUE;
    private long bytesRead;
    private @Nullable String damage;

    BatchWalk(DiskFile file, long position, long end, int windowBytes) {
        this.file = file;
        this.end = end;
        this.windowBytes = windowBytes;
        this.window = PooledByteBufAllocator.DEFAULT.directBuffer(windowBytes, windowBytes);
        this.current = window;
        this.windowStart = position;
        this.position = position;
        this.nextPosition = position;
        this.walkedFrom = position;
    }

    /** From now on a batch must begin at that offset, or not before it when gaps are allowed. */
    BatchWalk expect(long offset, boolean gaps) {
        expectedOffset = offset;
        gapsAllowed = gaps;
        return this;
    }

    /** From now on epochs must not fall, from this one on. */
    BatchWalk expectEpochs(int epoch) {
        epochMin = epoch;
        return this;
    }

    /** Moves to the next batch; false at the end and at damage. */
    boolean next() {
        if (damage != null) {
            return false;
        }
        position = nextPosition;
        if (position >= end) {
            return false;
        }
        long left = end - position;
        if (left < RecordBatch.HEADER_BYTES || !load(position, RecordBatch.HEADER_BYTES, ahead())) {
            damage = left + " bytes are no batch";
            return false;
        }
        header = (int) (position - windowStart);
        current = window;
        damage = BatchHeader.damage(window, header, left);
        if (damage == null) {
            damage = contradiction();
        }
        if (damage != null) {
            return false;
        }
        nextPosition = position + sizeBytes();
        if (expectedOffset >= 0) {
            expectedOffset = nextOffset();
        }
        if (epochMin != Integer.MIN_VALUE) {
            epochMin = epoch();
        }
        return true;
    }

    private @Nullable String contradiction() {
        long base = baseOffset();
        if (expectedOffset >= 0 && (gapsAllowed ? base < expectedOffset : base != expectedOffset)) {
            return "base offset " + base + " where " + expectedOffset + " follows";
        }
        if (epoch() < epochMin) {
            return "epoch " + epoch() + " behind epoch " + epochMin;
        }
        return null;
    }

    /** Behind a batch that is longer than the window the next header would come alone of all that is read. */
    private int ahead() {
        boolean longBatches = windowBytes == HEADERS_WINDOW_BYTES && position - walkedFrom >= windowBytes;
        walkedFrom = position;
        return longBatches ? RecordBatch.HEADER_BYTES : windowBytes;
    }

    /** Brings these bytes into the window, and up to so many with them; false when the file has fewer. */
    private boolean load(long from, int length, int most) {
        if (from >= windowStart && from + length <= windowStart + window.readableBytes()) {
            return true;
        }
        window.clear();
        windowStart = from;
        int wanted = (int) Math.min(most, end - from);
        bytesRead += file.read(from, window, wanted);
        return window.readableBytes() >= length;
    }

    /** Whether the CRC of the present batch is that of its contents; {@link #damage} tells when not. */
    boolean contentIsRight() {
        kept.clear().writeBytes(current, header, RecordBatch.HEADER_BYTES);
        current = kept;
        header = 0;
        int expected = BatchHeader.crc(current, header);
        long batch = position;
        crc.reset();
        long at = batch + BatchHeader.OUTER_BYTES;
        while (at < nextPosition) {
            if (!load(at, 1, windowBytes)) {
                damage = "the file ends inside of a batch";
                return false;
            }
            int index = (int) (at - windowStart);
            int length = (int) Math.min(nextPosition - at, window.readableBytes() - index);
            ByteBuffer part = window.nioBuffer(index, length);
            crc.update(part);
            at += length;
        }
        if ((int) crc.getValue() != expected) {
            damage = "CRC mismatch";
            return false;
        }
        return true;
    }

    /** Goes on behind a batch whose content is damaged. */
    void passOver() {
        damage = null;
    }

    /** What stopped the walk; null at the end. */
    @Nullable
    String damage() {
        return damage;
    }

    /** Where the present batch begins, or the damage, or the end. */
    long position() {
        return position;
    }

    long nextPosition() {
        return nextPosition;
    }

    /** Bytes that came from the file so far. */
    long bytesRead() {
        return bytesRead;
    }

    // --- the present batch

    long sizeBytes() {
        return BatchHeader.sizeBytes(current, header);
    }

    long baseOffset() {
        return BatchHeader.baseOffset(current, header);
    }

    long nextOffset() {
        return BatchHeader.nextOffset(current, header);
    }

    int epoch() {
        return BatchHeader.epoch(current, header);
    }

    int recordCount() {
        return BatchHeader.recordCount(current, header);
    }

    long maxTimestampMillis() {
        return BatchHeader.maxTimestampMillis(current, header);
    }

    int outerCrc(int crcBefore) {
        return BatchHeader.outerCrc(crcBefore, current, header);
    }

    @Override
    public void close() {
        window.release();
    }
}
