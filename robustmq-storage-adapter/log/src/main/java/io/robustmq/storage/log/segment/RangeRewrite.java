/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what some sealed files hold outside of a range, and given batches in place of what they hold inside, into new files
 * of the next generation. Confined to one background thread, used once.
 */
final class RangeRewrite {
    private static final int FLUSH_BYTES = 256 * 1024;

    private final SegmentDisk disk;
    private final String directory;
    private final SegmentConfig config;
    private final OffsetRange range;
    private final long startOffset;
    private final List<SegmentFile> written = new ArrayList<>();
    private final List<ByteBuf> pending = new ArrayList<>();
    private int pendingBytes;
    private int generation;
    private long nowMillis;
    private @Nullable SegmentFile target;

    RangeRewrite(SegmentDisk disk, String directory, SegmentConfig config, OffsetRange range, long startOffset) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.range = range;
        this.startOffset = startOffset;
    }

    /** @param old kept from being deleted until this returns */
    Replacement run(List<SegmentFile> old, List<RecordBatch> batches, int newGeneration, long now) {
        nowMillis = now;
        generation = newGeneration;
        checkOrder(batches);
        boolean complete = false;
        try {
            if (!old.isEmpty()) {
                write(old, batches);
            }
            complete = true;
            return new Replacement(old, written);
        } finally {
            pending.forEach(ByteBuf::release);
            if (!complete) {
                written.forEach(SegmentFile::doom);
            }
        }
    }

    private void checkOrder(List<RecordBatch> batches) {
        long next = range.start();
        for (RecordBatch batch : batches) {
            if (batch.baseOffset() < next || batch.nextOffset() > range.end()) {
                throw RmqError.INVALID_REQUEST.exception("the batch from " + batch.baseOffset() + " to "
                        + batch.lastOffset() + " does not fit into [" + range.start() + ", " + range.end() + ")");
            }
            next = batch.nextOffset();
        }
    }

    private void write(List<SegmentFile> old, List<RecordBatch> batches) {
        boolean placed = false;
        for (SegmentFile segment : old) {
            DiskFile file = segment.acquireFile();
            try (BatchWalk walk = new BatchWalk(file, 0, segment.bytes(), BatchWalk.CONTENT_WINDOW_BYTES)) {
                walk.expect(segment.baseOffset(), true);
                while (walk.next()) {
                    checkEdges(walk);
                    if (walk.baseOffset() >= range.end() && !placed) {
                        place(batches);
                        placed = true;
                    }
                    boolean outside = walk.baseOffset() < range.start() || walk.baseOffset() >= range.end();
                    if (outside && walk.nextOffset() > startOffset) {
                        copy(segment, file, walk);
                    }
                }
                if (walk.damage() != null) {
                    throw segment.corrupt(walk.position(), segment.bytes(), walk.damage());
                }
            } finally {
                segment.releaseFile();
            }
        }
        if (!placed) {
            place(batches);
        }
        finish(old.get(old.size() - 1).sum().endOffset);
    }

    private void checkEdges(BatchWalk walk) {
        if (cuts(range.start(), walk) || cuts(range.end(), walk)) {
            throw RmqError.INVALID_REQUEST.exception("the range [" + range.start() + ", " + range.end()
                    + ") cuts the batch from " + walk.baseOffset() + " to " + (walk.nextOffset() - 1));
        }
    }

    private static boolean cuts(long edge, BatchWalk walk) {
        return walk.baseOffset() < edge && edge < walk.nextOffset();
    }

    /** Damage is not copied on as if it were sound: a batch with a wrong CRC ends the rewrite. */
    private void copy(SegmentFile segment, DiskFile file, BatchWalk walk) {
        long position = walk.position();
        int size = (int) walk.sizeBytes();
        if (!walk.contentIsRight()) {
            throw segment.corrupt(position, position + size, String.valueOf(walk.damage()));
        }
        ByteBuf batch = PooledByteBufAllocator.DEFAULT.directBuffer(size);
        if (file.read(position, batch, size) != size) {
            batch.release();
            throw segment.corrupt(position, position + size, "the file ends inside of a batch");
        }
        add(batch);
    }

    private void place(List<RecordBatch> batches) {
        for (RecordBatch batch : batches) {
            if (batch.nextOffset() > startOffset) {
                add(batch.buffer().retainedSlice());
            }
        }
    }

    private void add(ByteBuf owned) {
        long base = BatchHeader.baseOffset(owned, owned.readerIndex());
        int size = owned.readableBytes();
        pending.add(owned);
        SegmentFile file = target;
        long ahead = file == null ? 0 : file.bytes() + pendingBytes;
        if (file == null || ahead > 0 && ahead + size > config.segmentBytes()) {
            pending.remove(pending.size() - 1);
            try {
                flush();
                seal(base);
                begin(base);
            } finally {
                pending.add(owned);
            }
        }
        pendingBytes += size;
        if (pendingBytes >= FLUSH_BYTES) {
            flush();
        }
    }

    private void begin(long baseOffset) {
        SegmentFile file = SegmentFile.create(disk, directory, baseOffset, generation, nowMillis);
        written.add(file);
        target = file;
    }

    private void flush() {
        SegmentFile file = target;
        if (file == null || pending.isEmpty()) {
            return;
        }
        file.append(pending.toArray(ByteBuf[]::new), false);
        pending.forEach(ByteBuf::release);
        pending.clear();
        pendingBytes = 0;
    }

    private void seal(long endOffset) {
        SegmentFile file = target;
        if (file == null) {
            return;
        }
        file.sum().endOffset = endOffset;
        file.seal();
        file.force(file.info());
        file.saveIndex();
        target = null;
    }

    private void finish(long endOffset) {
        flush();
        seal(endOffset);
    }
}
