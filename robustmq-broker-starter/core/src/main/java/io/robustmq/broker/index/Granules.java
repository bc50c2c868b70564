/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import java.util.Arrays;

/**
 * The granules of one indexed range: runs of whole batches, numbered from 0, that are read as one. Postings name granules, not
 * records, because a record is reached only by decoding its batch from the front. Confined to one loop while it grows, immutable
 * afterwards.
 */
final class Granules {
    /** A granule is closed at the first end of a batch at or beyond either. */
    static final int RECORDS = 64;

    static final int BYTES = 16 * 1024;

    private final long from;
    private int[] starts;
    private int count;
    private long to;

    Granules(long from) {
        this(from, new int[8], 0, from);
    }

    Granules(long from, int[] starts, int count, long to) {
        this.from = from;
        this.starts = starts;
        this.count = count;
        this.to = to;
    }

    long from() {
        return from;
    }

    /** First offset behind the last granule. */
    long to() {
        return to;
    }

    int count() {
        return count;
    }

    void begin(long offset) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count + Math.max(8, count / 2));
        }
        starts[count++] = Math.toIntExact(offset - from);
        to = offset;
    }

    void extendTo(long offset) {
        to = offset;
    }

    long start(int granule) {
        return from + starts[granule];
    }

    /** Everything below it and at or above the start belongs to the granule, batch or gap. */
    long end(int granule) {
        return granule + 1 < count ? from + starts[granule + 1] : to;
    }

    /** The granule that holds the offset; the first one for what lies before. */
    int at(long offset) {
        int found = Arrays.binarySearch(starts, 0, count, (int) Math.max(0, offset - from));
        return found >= 0 ? found : Math.max(0, -found - 2);
    }

    int startDelta(int granule) {
        return granule == 0 ? starts[0] : starts[granule] - starts[granule - 1];
    }

    long bytes() {
        return 4L * starts.length;
    }
}
