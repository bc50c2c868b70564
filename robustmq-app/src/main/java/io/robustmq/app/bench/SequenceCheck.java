/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches the numbers of one publisher at one subscriber: what is missing, comes twice, or comes late. Confined to the
 * subscriber's loop.
 */
final class SequenceCheck {
    /** Beyond this a gap is only counted, and what still comes of it is taken for a duplicate. */
    private static final int REMEMBERED_MAX = 100_000;

    private long next = -1;
    private long missing;
    private long duplicated;
    private long reordered;
    private @Nullable Set<Long> gaps;

    /** @param fromZero whether the first message must be number 0; else whatever comes first begins the count */
    SequenceCheck(boolean fromZero) {
        if (fromZero) {
            next = 0;
        }
    }

    /** Whether the message has not been seen before. */
    boolean accept(long sequence) {
        if (sequence == next || next < 0) {
            next = sequence + 1;
            return true;
        }
        if (sequence > next) {
            missing += sequence - next;
            for (long gap = next; gap < sequence && remember(gap); gap++) {}
            next = sequence + 1;
            return true;
        }
        if (gaps != null && gaps.remove(sequence)) {
            missing--;
            reordered++;
            return true;
        }
        duplicated++;
        return false;
    }

    private boolean remember(long gap) {
        Set<Long> known = gaps;
        if (known == null) {
            known = new HashSet<>();
            gaps = known;
        }
        return known.size() < REMEMBERED_MAX && known.add(gap);
    }

    /** Lost so far: those that never came although later ones did, and those up to {@code sent} that did not come either. */
    long lost(long sent) {
        return missing + Math.max(0, sent - Math.max(0, next));
    }

    long missing() {
        return missing;
    }

    long duplicated() {
        return duplicated;
    }

    long reordered() {
        return reordered;
    }
}
