/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.robustmq.kernel.record.RecordBatch;

/** Sequence numbers: 0 to the largest int, then 0 again. Stateless. */
final class Sequences {
    private Sequences() {}

    static int last(RecordBatch batch) {
        return plus(batch.baseSequence(), batch.lastOffsetDelta());
    }

    static int plus(int sequence, int increment) {
        return sequence > Integer.MAX_VALUE - increment
                ? increment - (Integer.MAX_VALUE - sequence) - 1
                : sequence + increment;
    }

    static int minus(int sequence, int decrement) {
        return sequence < decrement ? Integer.MAX_VALUE - (decrement - sequence) + 1 : sequence - decrement;
    }

    static boolean follows(int last, int next) {
        return next == plus(last, 1);
    }
}
