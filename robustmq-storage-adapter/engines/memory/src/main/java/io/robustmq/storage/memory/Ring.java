/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one shard in rising order: chunks, of which the last one is filled. Changed only under the lock of its
 * shard; {@link #read} takes no lock and may run on any thread beside that.
 *
 * <p>Why a reader needs no lock: (1) it reads the end before the list of chunks, so that the list holds everything below
 * that end unless it was evicted; (2) the start is raised before a chunk leaves the list, and the reader looks at the start
 * again when it has its bytes, so that an eviction in between is seen as OUT_OF_RANGE and never as a silent gap; (3) a chunk
 * that left is let go after the list without it is published, so that a failed hold is cured by looking again.
 */
final class Ring {
    private static final int MIN_CHUNK_BYTES = 4 * 1024;
    private static final int MAX_CHUNK_BYTES = 256 * 1024;
    private static final int MAX_LARGE_CHUNK_BYTES = 1024 * 1024;
    private static final long LARGE_RING_BYTES = 256L * 1024 * 1024;
    private static final int FIRST_INDEX_ENTRIES = 16;
    private static final Chunk[] NONE = {};

    private final ChunkSource source;
    private volatile Chunk[] chunks = NONE;
    private volatile long startOffset;
    private volatile long endOffset;
    private int headEntry;
    private long bytes;
    private long records;
    private int batches;

    Ring(ChunkSource source) {
        this.source = source;
    }

    long startOffset() {
        return startOffset;
    }

    /** End and high watermark are the same here: what is appended is committed. */
    long endOffset() {
        return endOffset;
    }

    long bytes() {
        return bytes;
    }

    /** Records of whole batches; the first batch may begin below the start. */
    long records() {
        return records;
    }

    int batches() {
        return batches;
    }

    int chunkCount() {
        return chunks.length;
    }

    // --- append

    /** False when there is no memory for the batch; nothing has changed then. */
    boolean append(RecordBatch batch, int leaderEpoch, long limitBytes) {
        int size = batch.sizeBytes();
        Chunk[] current = chunks;
        Chunk tail = current.length == 0 ? null : current[current.length - 1];
        Chunk target = tail;
        if (tail == null || !tail.hasRoomFor(size)) {
            target = nextChunk(tail, size, limitBytes);
            if (target == null) {
                return false;
            }
        }
        long base = endOffset;
        batch.assign(base, leaderEpoch);
        ByteBuf buffer = batch.buffer();
        target.append(buffer, buffer.readerIndex(), size, base, batch.maxTimestampMillis());
        if (target != tail) {
            Chunk[] longer = Arrays.copyOf(current, current.length + 1);
            longer[current.length] = target;
            chunks = longer;
        }
        bytes += size;
        records += batch.recordCount();
        batches++;
        endOffset = base + batch.lastOffsetDelta() + 1;
        return true;
    }

    private @Nullable Chunk nextChunk(@Nullable Chunk tail, int size, long limitBytes) {
        int doubled = tail == null ? MIN_CHUNK_BYTES : Math.max(MIN_CHUNK_BYTES, tail.capacity() * 2);
        int chunkBytes = Math.max(size, Math.min(doubled, maxChunkBytes(limitBytes)));
        int expected = tail == null ? FIRST_INDEX_ENTRIES : Math.max(FIRST_INDEX_ENTRIES, tail.count());
        return source.tryAllocate(chunkBytes, expected, tail == null);
    }

    /** At least eight chunks fit into the limit, so that what the evicted batches of the first one still hold stays small. */
    private static int maxChunkBytes(long limitBytes) {
        if (limitBytes < 0 || limitBytes > LARGE_RING_BYTES) {
            return MAX_LARGE_CHUNK_BYTES;
        }
        return (int) Math.max(MIN_CHUNK_BYTES, Math.min(MAX_CHUNK_BYTES, limitBytes / 8));
    }

    // --- the oldest batch; there must be one

    long headBaseOffset() {
        return chunks[0].baseOffset(headEntry);
    }

    long headLastOffset() {
        return chunks[0].lastOffset(headEntry);
    }

    int headRecords() {
        return chunks[0].recordCount(headEntry);
    }

    boolean headIsDense() {
        return chunks[0].isDense(headEntry);
    }

    long headMaxTimestamp() {
        return chunks[0].maxTimestamp(headEntry);
    }

    int headChunkBytes() {
        return chunks[0].capacity();
    }

    void evictHead() {
        Chunk head = chunks[0];
        int entry = headEntry;
        raiseStart(head.lastOffset(entry) + 1);
        bytes -= head.bytes(entry);
        records -= head.recordCount(entry);
        batches--;
        headEntry = entry + 1;
        if (headEntry == head.count()) {
            headEntry = 0;
            Chunk[] current = chunks;
            chunks = current.length == 1 ? NONE : Arrays.copyOfRange(current, 1, current.length);
            source.free(head);
        }
    }

    void raiseStart(long offset) {
        if (offset > startOffset) {
            startOffset = offset;
        }
    }

    /** Lets every chunk go and forgets them. */
    void clear() {
        Chunk[] current = chunks;
        chunks = NONE;
        headEntry = 0;
        bytes = 0;
        records = 0;
        batches = 0;
        for (Chunk chunk : current) {
            source.free(chunk);
        }
    }

    // --- reading, any thread

    /**
     * Whole batches from the one that holds the offset, below {@code end}; without readable bytes when there is nothing. Null
     * when the offset fell out of the ring meanwhile.
     */
    @Nullable
    ByteBuf read(long fromOffset, long end, int maxBytes) {
        for (; ; ) {
            ReadRun run = new ReadRun(maxBytes);
            boolean held;
            try {
                held = run.collect(chunks, fromOffset, end);
            } catch (Throwable failure) {
                run.release();
                throw failure;
            }
            if (fromOffset < startOffset) {
                run.release();
                return null;
            }
            if (held) {
                return run.bytes();
            }
            run.release();
        }
    }

    /** The bytes of one read, confined to the reading thread. */
    private final class ReadRun {
        private int remaining;
        private @Nullable ByteBuf first;
        private @Nullable CompositeByteBuf all;

        ReadRun(int maxBytes) {
            remaining = maxBytes;
        }

        /** False when a chunk of the list is gone already. */
        boolean collect(Chunk[] view, long fromOffset, long end) {
            for (int at = firstChunk(view, fromOffset); at < view.length; at++) {
                Chunk chunk = view[at];
                if (!chunk.tryHold()) {
                    return false;
                }
                try {
                    int entries = chunk.lowerBound(end, chunk.count());
                    int from = chunk.entryAtOrAfter(fromOffset, entries);
                    if (from < entries && !add(chunk, from, entries)) {
                        return true;
                    }
                    if (entries < chunk.count()) {
                        return true;
                    }
                } finally {
                    chunk.letGo();
                }
            }
            return true;
        }

        /** False when the limit of bytes is reached. */
        private boolean add(Chunk chunk, int from, int entries) {
            int to = chunk.endOfRun(from, entries, remaining);
            if (to == from) {
                if (first != null) {
                    return false;
                }
                to = from + 1;
            }
            ByteBuf part = chunk.retainedBytes(from, to);
            remaining -= part.readableBytes();
            if (first == null) {
                first = part;
            } else {
                append(part);
            }
            return to == entries && remaining > 0;
        }

        private void append(ByteBuf owned) {
            if (all == null) {
                CompositeByteBuf composite;
                try {
                    composite = source.composite();
                } catch (Throwable failure) {
                    owned.release();
                    throw failure;
                }
                all = composite.addComponent(true, first);
            }
            all.addComponent(true, owned);
        }

        ByteBuf bytes() {
            if (all != null) {
                return all;
            }
            return first != null ? first : Unpooled.EMPTY_BUFFER;
        }

        void release() {
            if (all != null) {
                all.release();
            } else if (first != null) {
                first.release();
            }
        }
    }

    /** The last chunk that begins at or below the offset, else the first. */
    private static int firstChunk(Chunk[] view, long offset) {
        int low = 0;
        int high = view.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (view[middle].baseOffset(0) > offset) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }

    // --- under the lock

    /**
     * The first live batch that ends above the offset and holds a record of at least that time; its bytes are the caller's.
     * Null when there is none.
     */
    @Nullable
    ByteBuf firstBatch(long aboveOffset, long minTimestampMillis) {
        Chunk[] view = chunks;
        for (int at = firstChunk(view, aboveOffset); at < view.length; at++) {
            Chunk chunk = view[at];
            if (chunk.maxTimestampMillis() >= minTimestampMillis) {
                for (int entry = chunk.entryAtOrAfter(aboveOffset, chunk.count()); entry < chunk.count(); entry++) {
                    if (chunk.maxTimestamp(entry) >= minTimestampMillis && chunk.recordCount(entry) > 0) {
                        return chunk.retainedBytes(entry, entry + 1);
                    }
                }
            }
        }
        return null;
    }

    /** Largest timestamp of the batches that lie wholly at or above the start; {@link Long#MIN_VALUE} when there is none. */
    long maxTimestampMillis() {
        long max = Long.MIN_VALUE;
        Chunk[] view = chunks;
        for (int at = 0; at < view.length; at++) {
            Chunk chunk = view[at];
            if (chunk.maxTimestampMillis() > max) {
                for (int entry = at == 0 ? headEntry : 0; entry < chunk.count(); entry++) {
                    if (chunk.baseOffset(entry) >= startOffset && chunk.recordCount(entry) > 0) {
                        max = Math.max(max, chunk.maxTimestamp(entry));
                    }
                }
            }
        }
        return max;
    }

    /** Replaces the batches of the range; false when there is no memory for it. The batches are borrowed. */
    boolean replace(OffsetRange range, List<RecordBatch> compacted) {
        Chunk[] before = chunks;
        RingRewrite rewrite = new RingRewrite(source, before, headEntry, startOffset, range, compacted);
        Chunk[] after = rewrite.run();
        if (after == null) {
            return false;
        }
        if (before.length == 0 || after.length == 0 || after[0] != before[0]) {
            headEntry = 0;
        }
        bytes += rewrite.addedBytes();
        records += rewrite.addedRecords();
        batches += rewrite.addedBatches();
        chunks = after;
        Set<Chunk> kept = Set.of(after);
        for (Chunk chunk : before) {
            if (!kept.contains(chunk)) {
                source.free(chunk);
            }
        }
        return true;
    }
}
