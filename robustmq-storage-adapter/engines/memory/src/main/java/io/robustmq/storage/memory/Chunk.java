/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * One buffer of whole batches, one after the other, with an index entry each; filled once from front to back, then
 * immutable. Written under its ring's lock only; read by any thread that holds it: the count of entries is published after
 * the bytes and entries that it covers.
 *
 * <p>The hold count is ours and not the buffer's: the allocator recycles buffer objects, so a late reader could retain a
 * buffer that already belongs to somebody else. Bytes handed out retain the buffer itself and outlive the holds.
 */
final class Chunk {
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int RECORD_COUNT = 57;
    private static final VarHandle COUNT;
    private static final VarHandle HOLDS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COUNT = lookup.findVarHandle(Chunk.class, "count", int.class);
            HOLDS = lookup.findVarHandle(Chunk.class, "holds", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuf buffer;
    private final int capacity;
    private Index index;
    private int used;
    private long maxTimestampMillis = Long.MIN_VALUE;

    @SuppressWarnings("FieldMayBeFinal")
    private int count;

    @SuppressWarnings("FieldMayBeFinal")
    private int holds = 1;

    Chunk(ByteBuf owned, int expectedBatches) {
        buffer = owned;
        capacity = owned.capacity();
        index = new Index(new long[expectedBatches], new int[expectedBatches + 1], new long[expectedBatches]);
    }

    /**
     * Replaced as a whole when it grows. Its fields are final, so that a reader that sees a younger index than the count it
     * has read still sees every entry below that count. The position behind the last entry is the end of the last batch.
     */
    private record Index(long[] baseOffsets, int[] positions, long[] maxTimestamps) {
        Index grown() {
            int entries = baseOffsets.length * 2;
            return new Index(
                    Arrays.copyOf(baseOffsets, entries),
                    Arrays.copyOf(positions, entries + 1),
                    Arrays.copyOf(maxTimestamps, entries));
        }
    }

    // --- the writer

    boolean hasRoomFor(int bytes) {
        return capacity - used >= bytes;
    }

    /** Copies the bytes behind the last batch and makes them visible. */
    void append(ByteBuf source, int sourceIndex, int bytes, long baseOffset, long batchMaxTimestampMillis) {
        int entry = count;
        if (entry == index.baseOffsets.length) {
            index = index.grown();
        }
        buffer.setBytes(used, source, sourceIndex, bytes);
        index.baseOffsets[entry] = baseOffset;
        index.maxTimestamps[entry] = batchMaxTimestampMillis;
        used += bytes;
        index.positions[entry + 1] = used;
        maxTimestampMillis = Math.max(maxTimestampMillis, batchMaxTimestampMillis);
        COUNT.setRelease(this, entry + 1);
    }

    /** Copies one batch of another chunk. */
    void append(Chunk other, int entry) {
        append(
                other.buffer,
                other.position(entry),
                other.bytes(entry),
                other.baseOffset(entry),
                other.maxTimestamp(entry));
    }

    /** Largest timestamp of any batch that was ever appended here. */
    long maxTimestampMillis() {
        return maxTimestampMillis;
    }

    int capacity() {
        return capacity;
    }

    // --- any thread that holds the chunk

    /** Takes a hold; false when the ring and all readers have let it go. */
    boolean tryHold() {
        for (; ; ) {
            int current = (int) HOLDS.getVolatile(this);
            if (current == 0) {
                return false;
            }
            if (HOLDS.compareAndSet(this, current, current + 1)) {
                return true;
            }
        }
    }

    /** Gives a hold back; the last one gives the buffer back to the allocator, or to those who still read its bytes. */
    void letGo() {
        if ((int) HOLDS.getAndAdd(this, -1) == 1) {
            buffer.release();
        }
    }

    int count() {
        return (int) COUNT.getAcquire(this);
    }

    long baseOffset(int entry) {
        return index.baseOffsets[entry];
    }

    long lastOffset(int entry) {
        return baseOffset(entry) + buffer.getInt(position(entry) + LAST_OFFSET_DELTA);
    }

    int recordCount(int entry) {
        return buffer.getInt(position(entry) + RECORD_COUNT);
    }

    /** Whether no record between the first and the last offset of the batch is missing. */
    boolean isDense(int entry) {
        return recordCount(entry) == buffer.getInt(position(entry) + LAST_OFFSET_DELTA) + 1;
    }

    long maxTimestamp(int entry) {
        return index.maxTimestamps[entry];
    }

    int position(int entry) {
        return index.positions[entry];
    }

    int bytes(int entry) {
        int[] positions = index.positions;
        return positions[entry + 1] - positions[entry];
    }

    /** First entry of the first {@code entries} that ends above the offset; {@code entries} when there is none. */
    int entryAtOrAfter(long offset, int entries) {
        int entry = lowerBound(offset, entries);
        return entry > 0 && lastOffset(entry - 1) >= offset ? entry - 1 : entry;
    }

    /** First entry of the first {@code entries} that begins at or after the offset; {@code entries} when there is none. */
    int lowerBound(long offset, int entries) {
        int at = Arrays.binarySearch(index.baseOffsets, 0, entries, offset);
        return at >= 0 ? at : -at - 1;
    }

    /** End (exclusive) of the longest run of entries from {@code first} within the bytes. */
    int endOfRun(int first, int entries, int maxBytes) {
        int[] positions = index.positions;
        long limit = (long) positions[first] + maxBytes;
        if (limit >= positions[entries]) {
            return entries;
        }
        int at = Arrays.binarySearch(positions, first, entries + 1, (int) limit);
        return at >= 0 ? at : -at - 2;
    }

    /** The bytes of the entries; the caller releases them. */
    ByteBuf retainedBytes(int first, int end) {
        int from = index.positions[first];
        return buffer.retainedSlice(from, index.positions[end] - from);
    }
}
