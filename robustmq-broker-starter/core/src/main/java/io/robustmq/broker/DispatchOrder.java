/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import java.util.ArrayDeque;

/**
 * The order in which what one shard has committed is shown to live subscribers: that of its offsets, although retained messages
 * wait for another commit first. So everything below {@link #dispatched} was shown. Confined to the loop of the shard's owner.
 */
final class DispatchOrder {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
    private long passed;

    /** @param end of the shard when its owner began */
    DispatchOrder(long end) {
        passed = end;
    }

    /** Something that is committed. */
    interface Waiting {
        /** Where it begins; -1 when its append failed. */
        long baseOffset();

        boolean isReady();

        void show();
    }

    /** Shows it now, or behind what waits; its records end before the offset. */
    void committed(Waiting next, long endOffset) {
        passed = Math.max(passed, endOffset);
        if (waiting.isEmpty() && next.isReady()) {
            next.show();
        } else {
            waiting.add(next);
        }
    }

    /** Something has become ready. */
    void goOn() {
        for (Waiting next = waiting.peek(); next != null && next.isReady(); next = waiting.peek()) {
            waiting.remove();
            next.show();
        }
    }

    /** Everything below was shown. */
    long dispatched() {
        for (Waiting each : waiting) {
            if (each.baseOffset() >= 0) {
                return each.baseOffset();
            }
        }
        return passed;
    }
}
