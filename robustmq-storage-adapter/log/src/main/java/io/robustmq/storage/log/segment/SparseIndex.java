/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import java.util.Arrays;

/**
 * Places in a segment file, one each so many bytes: offset and position of a batch, the largest timestamp and the CRC of
 * all outer headers before it. When there are too many, every other one is dropped, which is right because both values
 * run on. Entries are added by one thread, which takes the answer of {@link #add} in place of this; others may look at the
 * same time.
 */
final class SparseIndex {
    static final int FIRST_INTERVAL_BYTES = 4096;
    static final int ENTRIES_MAX = 8192;
    static final int ENTRY_BYTES = 2 * Long.BYTES + 2 * Integer.BYTES;

    private final int intervalBytes;
    private final long[] offsets;
    private final int[] positions;
    private final long[] maxTimestampsBefore;
    private final int[] crcsBefore;
    private volatile int count;

    SparseIndex() {
        this(FIRST_INTERVAL_BYTES, 4);
    }

    SparseIndex(int intervalBytes, int capacity) {
        this.intervalBytes = intervalBytes;
        offsets = new long[capacity];
        positions = new int[capacity];
        maxTimestampsBefore = new long[capacity];
        crcsBefore = new int[capacity];
    }

    int count() {
        return count;
    }

    int intervalBytes() {
        return intervalBytes;
    }

    long offset(int entry) {
        return offsets[entry];
    }

    long position(int entry) {
        return positions[entry] & 0xFFFF_FFFFL;
    }

    long maxTimestampBefore(int entry) {
        return maxTimestampsBefore[entry];
    }

    int crcBefore(int entry) {
        return crcsBefore[entry];
    }

    long heapBytes() {
        return 64L + (long) offsets.length * ENTRY_BYTES;
    }

    /** Whether a batch at that position deserves an entry. */
    boolean wants(long position) {
        int entries = count;
        return entries == 0 || position - position(entries - 1) >= intervalBytes;
    }

    /** Adds an entry behind the last one; the answer is the index from now on. */
    SparseIndex add(long offset, long position, long maxTimestampBefore, int crcBefore) {
        SparseIndex target = this;
        if (count == offsets.length) {
            target = count >= ENTRIES_MAX ? copy(2, count) : copy(1, count * 2);
        }
        target.put(offset, position, maxTimestampBefore, crcBefore);
        return target;
    }

    private void put(long offset, long position, long maxTimestampBefore, int crcBefore) {
        int at = count;
        offsets[at] = offset;
        positions[at] = (int) position;
        maxTimestampsBefore[at] = maxTimestampBefore;
        crcsBefore[at] = crcBefore;
        count = at + 1;
    }

    private SparseIndex copy(int step, int capacity) {
        SparseIndex copy = new SparseIndex(intervalBytes * step, capacity);
        for (int at = 0; at < count; at += step) {
            copy.put(offsets[at], position(at), maxTimestampsBefore[at], crcsBefore[at]);
        }
        return copy;
    }

    /** Without room for more. */
    SparseIndex trimmed() {
        return copy(1, count);
    }

    /** Only the entries below that position, with room to go on. */
    SparseIndex below(long position) {
        int kept = floorPosition(position - 1) + 1;
        SparseIndex copy = new SparseIndex(intervalBytes, Math.max(4, kept));
        for (int at = 0; at < kept; at++) {
            copy.put(offsets[at], position(at), maxTimestampsBefore[at], crcsBefore[at]);
        }
        return copy;
    }

    /** The last entry at or below the offset, the first one if there is none; -1 in an empty index. */
    int floorOffset(long offset) {
        int entries = count;
        int found = Arrays.binarySearch(offsets, 0, entries, offset);
        return Math.min(entries - 1, Math.max(0, found >= 0 ? found : -found - 2));
    }

    /** The last entry at or below the position; -1 when there is none. */
    int floorPosition(long position) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (position(middle) <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** The last entry before which every timestamp is smaller; -1 in an empty index. */
    int floorTimestamp(long timestampMillis) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (maxTimestampsBefore[middle] < timestampMillis) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Math.min(count - 1, Math.max(0, high));
    }
}
