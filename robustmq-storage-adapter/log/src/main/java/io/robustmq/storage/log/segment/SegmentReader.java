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
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.ReadLimits;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One read: finds the batch, takes whole batches as far as the limits go, and proves each: content by its own CRC, outer
 * header by continuity and the epoch of its offset, or, where compaction has left gaps, by the CRCs of the index. Confined to
 * one thread, used once.
 */
final class SegmentReader {
    /** What one read answers at most, whatever was asked for, unless a single batch is larger. */
    static final int READ_BYTES_MAX = 8 * 1024 * 1024;

    private final ReadLimits limits;
    private final long highWatermark;
    private final StreamEpochs epochs;
    private final int bytesMax;
    private final CRC32C crc = new CRC32C();
    private long fromOffset;
    private @Nullable ByteBuf target;
    private boolean complete;
    /** Whether there is something to answer. */
    private boolean answered;
    /** Where the next batch must begin. */
    private long expectedBase;

    SegmentReader(long fromOffset, ReadLimits limits, long highWatermark, StreamEpochs epochs) {
        this.fromOffset = fromOffset;
        this.limits = limits;
        this.highWatermark = highWatermark;
        this.epochs = epochs;
        this.bytesMax = Math.min(limits.maxBytes(), READ_BYTES_MAX);
    }

    /** Whether a limit was reached, so that no further file is of interest. */
    boolean isComplete() {
        return complete;
    }

    boolean hasAnswer() {
        return answered;
    }

    /** Where the next file goes on. */
    long nextOffset() {
        return fromOffset;
    }

    /** What was read; the caller's from now on. */
    ByteBuf take() {
        ByteBuf taken = target == null ? Unpooled.EMPTY_BUFFER : target;
        target = null;
        return taken;
    }

    /** Gives back what was read, if it was not taken. */
    void release() {
        if (target != null) {
            target.release();
            target = null;
        }
    }

    /** Whether a batch from this offset to before that one may be answered. */
    private boolean wants(long baseOffset, long nextOffset) {
        return nextOffset <= highWatermark && baseOffset < limits.maxOffset();
    }

    // --- copied

    /** Adds batches of this file; the caller has retained it. */
    void readFrom(SegmentFile segment) {
        DiskFile file = segment.acquireFile();
        try {
            long end = segment.bytes();
            long start = locate(segment, file, end);
            if (start < end && !complete) {
                read(segment, file, start, end);
            }
        } finally {
            segment.releaseFile();
        }
    }

    /** Position of the first batch that holds the offset or comes behind it; the end when there is none. */
    private long locate(SegmentFile segment, DiskFile file, long end) {
        SegmentFile.Resume resume = segment.resume();
        if (resume != null && resume.offset() == fromOffset && resume.position() < end) {
            expectedBase = fromOffset;
            return resume.position();
        }
        SparseIndex index = segment.index();
        int entry = index.floorOffset(fromOffset);
        if (entry < 0) {
            return end;
        }
        boolean gaps = segment.sum().rewritten;
        long from = index.position(entry);
        try (BatchWalk walk = new BatchWalk(file, from, end, BatchWalk.HEADERS_WINDOW_BYTES)) {
            walk.expect(index.offset(entry), gaps);
            boolean found = false;
            while (!found && walk.next()) {
                found = walk.nextOffset() > fromOffset;
            }
            if (walk.damage() != null) {
                throw segment.corrupt(walk.position(), end, walk.damage());
            }
            if (gaps) {
                proveHeaders(segment, file, from, found ? walk.nextPosition() : end);
            }
            if (found) {
                begin(segment, walk);
            } else if (!gaps && holds(segment)) {
                throw segment.corrupt(from, end, "it holds no batch with offset " + fromOffset);
            }
            return walk.position();
        }
    }

    /** Whether the file, which has no gaps, must have a batch with the offset. */
    private boolean holds(SegmentFile segment) {
        long fileEnd = segment.isSealed() ? segment.sum().endOffset : highWatermark;
        return fromOffset >= segment.baseOffset() && fromOffset < Math.min(fileEnd, highWatermark);
    }

    private void begin(SegmentFile segment, BatchWalk walk) {
        long position = walk.position();
        expectedBase = walk.baseOffset();
        complete = !wants(expectedBase, walk.nextOffset());
        // That a batch ends above the watermark is not believed unless it is whole: it would hide what is below.
        if (complete && walk.nextOffset() > highWatermark && !walk.contentIsRight()) {
            throw segment.corrupt(position, walk.nextPosition(), String.valueOf(walk.damage()));
        }
    }

    private void read(SegmentFile segment, DiskFile file, long start, long end) {
        int before = target == null ? 0 : target.readableBytes();
        if (before >= bytesMax) {
            complete = true;
            return;
        }
        int wanted = (int) Math.min(bytesMax - before, end - start);
        if (target == null) {
            wanted = Math.max(wanted, (int) Math.min(RecordBatch.HEADER_BYTES, end - start));
            target = PooledByteBufAllocator.DEFAULT.directBuffer(wanted);
        }
        ByteBuf buffer = target;
        int first = buffer.writerIndex();
        int read = file.read(start, buffer, wanted);
        if (before == 0) {
            read = completeFirst(segment, file, start, end, first, read);
        }
        // Whatever is thrown, what the files before this one gave may be answered, and nothing of this one.
        buffer.writerIndex(first);
        int kept = prove(segment, start, end, first, read);
        if (segment.sum().rewritten) {
            // With the batch at which the answer ends.
            proveHeaders(segment, file, start, Math.min(end, start + kept + 1));
        }
        buffer.writerIndex(first + kept);
        answered |= kept > 0;
        if (kept > 0) {
            segment.resume(fromOffset, start + kept);
        }
        complete |= kept < end - start;
    }

    /** The first batch is answered even if it is larger than the limit. */
    private int completeFirst(SegmentFile segment, DiskFile file, long start, long end, int first, int read) {
        ByteBuf buffer = java.util.Objects.requireNonNull(target);
        if (read < RecordBatch.HEADER_BYTES) {
            buffer.writerIndex(first);
            read = file.read(start, buffer, (int) Math.min(RecordBatch.HEADER_BYTES, end - start));
            if (read < RecordBatch.HEADER_BYTES) {
                throw segment.corrupt(start, end, (end - start) + " bytes are no batch");
            }
        }
        String damage = headerDamage(segment, buffer, first, end - start);
        if (damage != null) {
            throw segment.corrupt(start, end, damage);
        }
        int size = (int) BatchHeader.sizeBytes(buffer, first);
        if (size > read) {
            read += file.read(start + read, buffer, size - read);
            if (read < size) {
                throw segment.corrupt(start, start + size, "the file ends inside of a batch");
            }
        }
        return read;
    }

    /** Checks batches one by one; answers the bytes of those that are whole and wanted, and moves the offset behind them. */
    private int prove(SegmentFile segment, long start, long end, int first, int length) {
        ByteBuf buffer = java.util.Objects.requireNonNull(target);
        ByteBuffer view = buffer.nioBuffer(first, length);
        int at = 0;
        while (length - at >= RecordBatch.HEADER_BYTES) {
            int index = first + at;
            String damage = headerDamage(segment, buffer, index, end - start - at);
            if (damage != null) {
                endOrThrow(segment, at, start + at, end, damage);
                break;
            }
            int size = (int) BatchHeader.sizeBytes(buffer, index);
            boolean fits =
                    at == 0 && first == buffer.readerIndex() || first - buffer.readerIndex() + at + size <= bytesMax;
            if (size > length - at || !fits) {
                break;
            }
            long base = BatchHeader.baseOffset(buffer, index);
            long next = BatchHeader.nextOffset(buffer, index);
            view.limit(at + size).position(at + BatchHeader.OUTER_BYTES);
            crc.reset();
            crc.update(view);
            if ((int) crc.getValue() != BatchHeader.crc(buffer, index)) {
                endOrThrow(
                        segment,
                        at,
                        start + at,
                        start + at + size,
                        "CRC mismatch in the batch from offset " + base + " to " + (next - 1));
                break;
            }
            if (!wants(base, next)) {
                complete = true;
                break;
            }
            at += size;
            fromOffset = next;
            expectedBase = next;
            view.limit(length);
        }
        return at;
    }

    /** What lies before damage is answered; the read that begins at it names it. */
    private void endOrThrow(SegmentFile segment, int provedHere, long from, long to, String damage) {
        if (provedHere == 0 && !answered) {
            throw segment.corrupt(from, to, damage);
        }
        complete = true;
    }

    private @Nullable String headerDamage(SegmentFile segment, ByteBuf buffer, int index, long bytesLeft) {
        String damage = BatchHeader.damage(buffer, index, bytesLeft);
        if (damage != null) {
            return damage;
        }
        return contradiction(
                segment,
                BatchHeader.baseOffset(buffer, index),
                BatchHeader.nextOffset(buffer, index),
                BatchHeader.epoch(buffer, index));
    }

    private @Nullable String contradiction(SegmentFile segment, long base, long next, int epoch) {
        if (segment.sum().rewritten) {
            // Gaps, and epochs of any age: proveHeaders() tells.
            return base < expectedBase ? "base offset " + base + " where " + expectedBase + " follows" : null;
        }
        if (base != expectedBase) {
            return "base offset " + base + " where " + expectedBase + " follows";
        }
        int known = epochs.at(base);
        return known != epoch && known != Integer.MIN_VALUE
                ? "epoch " + epoch + " where epoch " + known + " wrote"
                : null;
    }

    /** Proves the outer headers around these bytes, from one entry of the index to another. */
    private static void proveHeaders(SegmentFile segment, DiskFile file, long from, long to) {
        SparseIndex index = segment.index();
        int entry = Math.max(0, index.floorPosition(from));
        int last = entry;
        while (last < index.count() && index.position(last) < to) {
            last++;
        }
        boolean atEnd = last == index.count();
        // The end of an open file moves on; its rest is left to continuity.
        boolean open = atEnd && !segment.isSealed();
        long end = atEnd ? segment.bytes() : index.position(last);
        int crc = index.crcBefore(entry);
        try (BatchWalk walk = new BatchWalk(file, index.position(entry), end, BatchWalk.HEADERS_WINDOW_BYTES)) {
            while (!(open && walk.nextPosition() >= to) && walk.next()) {
                crc = walk.outerCrc(crc);
            }
            int expected = open ? crc : atEnd ? segment.sum().headerCrc : index.crcBefore(last);
            if (walk.damage() != null || crc != expected) {
                throw segment.corrupt(index.position(entry), end, "its batch headers are not those that were written");
            }
        }
    }

    // --- by reference

    /** Whole batches of this file as a region; null when it has none to give. The caller has retained the file. */
    @Nullable
    FileSlice slice(SegmentFile segment) {
        DiskFile file = segment.acquireFile();
        boolean handedOn = false;
        try {
            long end = segment.bytes();
            long start = locate(segment, file, end);
            long stop = complete ? start : sliceEnd(segment, file, start, end);
            if (stop == start) {
                return null;
            }
            if (segment.sum().rewritten) {
                proveHeaders(segment, file, start, Math.min(end, stop + 1));
            }
            segment.resume(fromOffset, stop);
            handedOn = true;
            return new SegmentSlice(segment, file, start, stop - start, fromOffset, highWatermark);
        } finally {
            if (!handedOn) {
                segment.releaseFile();
            }
        }
    }

    private long sliceEnd(SegmentFile segment, DiskFile file, long start, long end) {
        try (BatchWalk walk = new BatchWalk(file, start, end, BatchWalk.HEADERS_WINDOW_BYTES)) {
            long last = start;
            long lastOffset = fromOffset;
            while (walk.next()) {
                String damage = contradiction(segment, walk.baseOffset(), walk.nextOffset(), walk.epoch());
                if (damage != null) {
                    return beforeDamage(segment, start, last, lastOffset, walk.position(), damage);
                }
                if (walk.position() == start) {
                    begin(segment, walk);
                }
                boolean fits = walk.position() == start || walk.nextPosition() - start <= limits.maxBytes();
                if (!fits || !wants(walk.baseOffset(), walk.nextOffset())) {
                    complete = true;
                    return walk.position();
                }
                last = walk.position();
                lastOffset = fromOffset;
                fromOffset = walk.nextOffset();
                expectedBase = fromOffset;
            }
            String damage = walk.damage();
            return damage == null
                    ? walk.position()
                    : beforeDamage(segment, start, last, lastOffset, walk.position(), damage);
        }
    }

    /** Without the batch before the damage: it may be its length that leads there. */
    private long beforeDamage(
            SegmentFile segment, long start, long last, long lastOffset, long position, String damage) {
        if (last == start) {
            throw segment.corrupt(start, Math.max(position, start + 1), damage);
        }
        fromOffset = lastOffset;
        return last;
    }
}
