/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import java.util.ArrayList;
import java.util.List;

/**
 * Which epoch wrote from which offset on, as far as batches tell. Immutable: the writer puts a new one in place.
 *
 * @param starts in rising order of both
 */
public record StreamEpochs(List<Start> starts) {
    public static final StreamEpochs NONE = new StreamEpochs(List.of());

    /** The first offset of an epoch. */
    public record Start(int epoch, long offset) {}

    public StreamEpochs {
        starts = List.copyOf(starts);
    }

    /** The last epoch that wrote; {@link Integer#MIN_VALUE} when none did. */
    public int last() {
        return starts.isEmpty()
                ? Integer.MIN_VALUE
                : starts.get(starts.size() - 1).epoch();
    }

    /** The epoch that wrote the offset; {@link Integer#MIN_VALUE} when that is not known. */
    public int at(long offset) {
        int low = 0;
        int high = starts.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (starts.get(middle).offset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? Integer.MIN_VALUE : starts.get(high).epoch();
    }

    StreamEpochs with(int epoch, long offset) {
        List<Start> more = new ArrayList<>(starts);
        more.add(new Start(epoch, offset));
        return new StreamEpochs(more);
    }

    /** Without epochs that began at or after the offset. */
    StreamEpochs below(long endOffset) {
        return new StreamEpochs(
                starts.stream().filter(start -> start.offset() < endOffset).toList());
    }

    /** Without epochs that ended at or before the offset. */
    StreamEpochs from(long startOffset) {
        int first = 0;
        while (first + 1 < starts.size() && starts.get(first + 1).offset() <= startOffset) {
            first++;
        }
        return first == 0 ? this : new StreamEpochs(starts.subList(first, starts.size()));
    }
}
