/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import java.util.Arrays;

/** Where the records of a request lie in its frame, in the order of its partitions. Confined to one loop. */
public final class RecordPlaces {
    private static final int[] NONE = {};

    private int[] places = NONE;
    private int count;

    void add(int position, int length) {
        if (2 * count == places.length) {
            places = Arrays.copyOf(places, Math.max(4, places.length * 2));
        }
        places[2 * count] = position;
        places[2 * count + 1] = length;
        count++;
    }

    public int count() {
        return count;
    }

    public int position(int i) {
        return places[2 * i];
    }

    public int length(int i) {
        return places[2 * i + 1];
    }
}
