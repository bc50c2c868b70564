/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import java.util.HashMap;
import java.util.Map;

/**
 * The last batch of each idempotent producer that a pass has met, of bounded number. What is not known here is taken for a
 * last batch. Confined to the worker's loop.
 */
final class LastBatches {
    private static final int PRODUCERS_MAX = 100_000;
    private final Map<Long, Long> lastOffsets = new HashMap<>();

    void saw(long producerId, long lastOffset) {
        if (producerId >= 0 && (lastOffsets.size() < PRODUCERS_MAX || lastOffsets.containsKey(producerId))) {
            lastOffsets.merge(producerId, lastOffset, Math::max);
        }
    }

    boolean knowsLater(long producerId, long lastOffset) {
        Long known = lastOffsets.get(producerId);
        return known != null && known > lastOffset;
    }
}
