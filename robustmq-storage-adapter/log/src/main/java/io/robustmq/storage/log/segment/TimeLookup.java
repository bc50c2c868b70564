/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.storage.TimestampAndOffset;
import org.jspecify.annotations.Nullable;

/** Finds records by time between two offsets. Confined to one thread, used once. */
final class TimeLookup {
    private final long startOffset;
    private final long highWatermark;
    private final RecordBatchReader reader = new RecordBatchReader();

    TimeLookup(long startOffset, long highWatermark) {
        this.startOffset = startOffset;
        this.highWatermark = highWatermark;
    }

    /** The first record of the file that is at least as young; null when there is none. The caller has retained the file. */
    @Nullable
    TimestampAndOffset firstAtOrAfter(SegmentFile segment, long timestampMillis) {
        DiskFile file = segment.acquireFile();
        try {
            long end = segment.bytes();
            SparseIndex index = segment.index();
            int entry = index.floorTimestamp(timestampMillis);
            if (entry < 0) {
                return null;
            }
            try (BatchWalk walk = walk(file, index, entry, end)) {
                while (walk.next() && walk.nextOffset() <= highWatermark) {
                    if (walk.maxTimestampMillis() >= timestampMillis && walk.nextOffset() > startOffset) {
                        TimestampAndOffset found = search(segment, file, walk, timestampMillis);
                        if (found != null) {
                            return found;
                        }
                    }
                }
                check(segment, walk, end);
            }
            return null;
        } finally {
            segment.releaseFile();
        }
    }

    private static BatchWalk walk(DiskFile file, SparseIndex index, int entry, long end) {
        return new BatchWalk(file, index.position(entry), end, BatchWalk.HEADERS_WINDOW_BYTES)
                .expect(index.offset(entry), true);
    }

    private static void check(SegmentFile segment, BatchWalk walk, long end) {
        if (walk.damage() != null) {
            throw segment.corrupt(walk.position(), end, walk.damage());
        }
    }

    /** The largest time of a record between the offsets; {@link Long#MIN_VALUE} when there is no record there. */
    long latest(SegmentFile segment) {
        boolean whole = segment.baseOffset() >= startOffset;
        if (whole && segment.isSealed() && segment.sum().endOffset <= highWatermark) {
            return segment.sum().maxTimestampMillis;
        }
        DiskFile file = segment.acquireFile();
        try {
            long end = segment.bytes();
            SparseIndex index = segment.index();
            int entry = index.floorOffset(whole ? highWatermark - 1 : startOffset);
            if (entry < 0) {
                return Long.MIN_VALUE;
            }
            long latest = whole ? index.maxTimestampBefore(entry) : Long.MIN_VALUE;
            try (BatchWalk walk = walk(file, index, entry, end)) {
                while (walk.next() && walk.nextOffset() <= highWatermark) {
                    if (walk.nextOffset() > startOffset && walk.maxTimestampMillis() > latest) {
                        latest = Math.max(latest, latestOf(segment, file, walk));
                    }
                }
                check(segment, walk, end);
            }
            return latest;
        } finally {
            segment.releaseFile();
        }
    }

    private long latestOf(SegmentFile segment, DiskFile file, BatchWalk walk) {
        if (walk.baseOffset() >= startOffset) {
            return walk.recordCount() == 0 ? Long.MIN_VALUE : walk.maxTimestampMillis();
        }
        long max = Long.MIN_VALUE;
        ByteBuf batch = load(segment, file, walk);
        try {
            reader.reset(batch).nextBatch();
            while (reader.nextRecord()) {
                if (reader.record().offset() >= startOffset) {
                    max = Math.max(max, reader.record().timestampMillis());
                }
            }
            return max;
        } catch (RmqException inside) {
            return walk.maxTimestampMillis();
        } finally {
            reader.clear();
            batch.release();
        }
    }

    private @Nullable TimestampAndOffset search(
            SegmentFile segment, DiskFile file, BatchWalk walk, long timestampMillis) {
        ByteBuf batch = load(segment, file, walk);
        try {
            reader.reset(batch).nextBatch();
            while (reader.nextRecord()) {
                long time = reader.record().timestampMillis();
                if (time >= timestampMillis && reader.record().offset() >= startOffset) {
                    return new TimestampAndOffset(time, reader.record().offset());
                }
            }
            return null;
        } catch (RmqException inside) {
            // A client can store a batch whose inside lies; that must not spoil every look-up behind it.
            return new TimestampAndOffset(walk.maxTimestampMillis(), Math.max(walk.baseOffset(), startOffset));
        } finally {
            reader.clear();
            batch.release();
        }
    }

    private static ByteBuf load(SegmentFile segment, DiskFile file, BatchWalk walk) {
        int size = (int) walk.sizeBytes();
        ByteBuf batch = PooledByteBufAllocator.DEFAULT.directBuffer(size);
        boolean loaded = false;
        try {
            loaded = file.read(walk.position(), batch, size) == size && contentIsRight(batch, size);
            if (!loaded) {
                throw segment.corrupt(walk.position(), walk.position() + size, "CRC mismatch");
            }
            return batch;
        } finally {
            if (!loaded) {
                batch.release();
            }
        }
    }

    private static boolean contentIsRight(ByteBuf batch, int size) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(batch.nioBuffer(BatchHeader.OUTER_BYTES, size - BatchHeader.OUTER_BYTES));
        return (int) crc.getValue() == BatchHeader.crc(batch, 0);
    }
}
