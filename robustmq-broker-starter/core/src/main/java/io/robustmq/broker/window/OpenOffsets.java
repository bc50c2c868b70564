/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import java.util.Arrays;

/**
 * Offsets that are not acknowledged, added in rising order and taken out in any: each costs a place in an array until all before
 * it are out. Confined to one loop.
 */
final class OpenOffsets {
    private static final int FIRST_CAPACITY = 16;

    private long[] offsets;
    private boolean[] out;
    private int first;
    private int end;
    private int size;

    OpenOffsets(long[] rising) {
        offsets = Arrays.copyOf(rising, Math.max(FIRST_CAPACITY, rising.length));
        out = new boolean[offsets.length];
        end = rising.length;
        size = rising.length;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long first() {
        return offsets[first];
    }

    /** Above all before it. */
    void add(long offset) {
        if (end == offsets.length) {
            makeRoom();
        }
        offsets[end++] = offset;
        size++;
    }

    /** Those that are out go; there is twice the room that is needed. */
    private void makeRoom() {
        long[] left = toArray();
        offsets = Arrays.copyOf(left, Math.max(FIRST_CAPACITY, left.length * 2));
        out = new boolean[offsets.length];
        first = 0;
        end = left.length;
    }

    boolean contains(long offset) {
        int at = indexOf(offset);
        return at >= 0 && !out[at];
    }

    private int indexOf(long offset) {
        return Arrays.binarySearch(offsets, first, end, offset);
    }

    /** False when it was not in. */
    boolean remove(long offset) {
        int at = indexOf(offset);
        if (at < 0 || out[at]) {
            return false;
        }
        out[at] = true;
        size--;
        while (first < end && out[first]) {
            out[first++] = false;
        }
        if (first == end) {
            first = 0;
            end = 0;
        }
        return true;
    }

    /** Takes out those from the offset on. */
    void truncate(long offset) {
        long[] left = Arrays.stream(toArray()).takeWhile(each -> each < offset).toArray();
        first = 0;
        end = left.length;
        size = left.length;
        offsets = Arrays.copyOf(left, Math.max(FIRST_CAPACITY, left.length));
        out = new boolean[offsets.length];
    }

    /** Rising. */
    long[] toArray() {
        long[] left = new long[size];
        int to = 0;
        for (int i = first; i < end; i++) {
            if (!out[i]) {
                left[to++] = offsets[i];
            }
        }
        return left;
    }
}
