/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the compacted form of a range in place of its batches: chunks outside the range are kept, those that overlap it are
 * written anew beside the old ones. Used once, under the lock of the ring; when it fails the ring is as before.
 */
final class RingRewrite {
    private static final int MAX_CHUNK_BYTES = 256 * 1024;
    private static final int INDEX_ENTRIES = 64;

    private final ChunkSource source;
    private final Chunk[] before;
    private final int headBefore;
    private final OffsetRange range;
    private final List<RecordBatch> compacted;
    /** Chunks before this index end below the range. */
    private final int middle;
    /** Chunks from this index on begin above the range. */
    private final int suffix;

    private final List<Chunk> written = new ArrayList<>();
    private long bytesToWrite;
    private long addedBytes;
    private long addedRecords;
    private int addedBatches;

    /** Batches of {@code compacted} that end below the start are left out: they were deleted meanwhile. Borrowed. */
    RingRewrite(
            ChunkSource source,
            Chunk[] before,
            int headBefore,
            long startOffset,
            OffsetRange range,
            List<RecordBatch> compacted) {
        this.source = source;
        this.before = before;
        this.headBefore = headBefore;
        this.range = range;
        this.compacted = compacted.stream()
                .filter(batch -> batch.lastOffset() >= startOffset)
                .toList();
        int first = 0;
        while (first < before.length && before[first].baseOffset(before[first].count() - 1) < range.start()) {
            first++;
        }
        int last = first;
        while (last < before.length && before[last].baseOffset(firstLive(last)) < range.end()) {
            last++;
        }
        middle = first;
        suffix = last;
    }

    private int firstLive(int chunk) {
        return chunk == 0 ? headBefore : 0;
    }

    /** Null when there is no memory for it. */
    Chunk @Nullable [] run() {
        checkEdges();
        boolean complete = false;
        try {
            countDifference();
            complete = write();
        } finally {
            if (!complete) {
                written.forEach(source::free);
            }
        }
        if (!complete) {
            return null;
        }
        List<Chunk> result = new ArrayList<>(List.of(before).subList(0, middle));
        result.addAll(written);
        result.addAll(List.of(before).subList(suffix, before.length));
        return result.toArray(Chunk[]::new);
    }

    private void checkEdges() {
        for (int at = 0; at < before.length; at++) {
            Chunk chunk = before[at];
            for (int entry = firstLive(at); entry < chunk.count(); entry++) {
                long base = chunk.baseOffset(entry);
                long last = chunk.lastOffset(entry);
                if (cuts(range.start(), base, last) || cuts(range.end(), base, last)) {
                    throw RmqError.INVALID_REQUEST.exception("the range [" + range.start() + ", " + range.end()
                            + ") cuts the batch from " + base + " to " + last);
                }
            }
        }
    }

    private static boolean cuts(long edge, long base, long last) {
        return base < edge && edge <= last;
    }

    private void countDifference() {
        for (int at = middle; at < suffix; at++) {
            Chunk chunk = before[at];
            for (int entry = firstLive(at); entry < chunk.count(); entry++) {
                if (isInRange(chunk.baseOffset(entry))) {
                    addedBytes -= chunk.bytes(entry);
                    addedRecords -= chunk.recordCount(entry);
                    addedBatches--;
                } else {
                    bytesToWrite += chunk.bytes(entry);
                }
            }
        }
        for (RecordBatch batch : compacted) {
            bytesToWrite += batch.sizeBytes();
            addedBytes += batch.sizeBytes();
            addedRecords += batch.recordCount();
            addedBatches++;
        }
    }

    private boolean isInRange(long baseOffset) {
        return baseOffset >= range.start() && baseOffset < range.end();
    }

    private boolean write() {
        return copy(Long.MIN_VALUE, range.start()) && place() && copy(range.end(), Long.MAX_VALUE);
    }

    /** Copies the live batches of the overlapping chunks whose base offset lies in [from, to). */
    private boolean copy(long from, long to) {
        for (int at = middle; at < suffix; at++) {
            Chunk chunk = before[at];
            for (int entry = firstLive(at); entry < chunk.count(); entry++) {
                long base = chunk.baseOffset(entry);
                if (base >= from && base < to) {
                    Chunk target = target(chunk.bytes(entry));
                    if (target == null) {
                        return false;
                    }
                    target.append(chunk, entry);
                }
            }
        }
        return true;
    }

    private boolean place() {
        for (RecordBatch batch : compacted) {
            int size = batch.sizeBytes();
            Chunk target = target(size);
            if (target == null) {
                return false;
            }
            ByteBuf buffer = batch.buffer();
            target.append(buffer, buffer.readerIndex(), size, batch.baseOffset(), batch.maxTimestampMillis());
        }
        return true;
    }

    private @Nullable Chunk target(int size) {
        Chunk last = written.isEmpty() ? null : written.get(written.size() - 1);
        if (last == null || !last.hasRoomFor(size)) {
            int chunkBytes = Math.max(size, (int) Math.min(bytesToWrite, MAX_CHUNK_BYTES));
            last = source.tryAllocate(chunkBytes, INDEX_ENTRIES, true);
            if (last != null) {
                written.add(last);
            }
        }
        bytesToWrite -= size;
        return last;
    }

    long addedBytes() {
        return addedBytes;
    }

    long addedRecords() {
        return addedRecords;
    }

    int addedBatches() {
        return addedBatches;
    }
}
