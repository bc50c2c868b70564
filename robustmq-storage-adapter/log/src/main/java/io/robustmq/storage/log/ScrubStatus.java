/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.storage.log.segment.Damage;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the scrub of a disk does and has found. Immutable.
 *
 * @param running whether a round is under way
 * @param streamsLeft of the round under way
 * @param bytes read since the node has started
 * @param rounds ended since the node has started
 * @param damages ranges found since the node has started, each in each round
 * @param lastRoundMillis when the last whole round ended, in this run of the node or an earlier one; 0 for none
 * @param damaged what the last look at each segment found; of segments that are still there
 */
public record ScrubStatus(
        boolean running,
        int streamsLeft,
        long bytes,
        long rounds,
        long damages,
        long lastRoundMillis,
        SortedMap<StreamId, List<Damage>> damaged) {

    public ScrubStatus {
        damaged = Collections.unmodifiableSortedMap(new TreeMap<>(damaged));
    }
}
