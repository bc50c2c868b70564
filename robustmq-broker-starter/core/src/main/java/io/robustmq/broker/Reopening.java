/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.ErrorKind;
import io.robustmq.kernel.RmqError;

/** When a shard that could not be opened is tried again. Stateless. */
final class Reopening {
    static final long FIRST_DELAY_MILLIS = 1000;
    static final long DELAY_MILLIS_MAX = 60_000;

    private Reopening() {}

    /**
     * Whether another try may end otherwise. Not when the topic asks for what its engine refuses, when another node or another
     * life of this one owns the shard, or when its bytes are damaged: those change by what somebody does, and then the topic
     * or the node starts anew.
     */
    static boolean mayHelp(RmqError error) {
        return error.kind() != ErrorKind.CLIENT
                && error.kind() != ErrorKind.FENCED
                && error != RmqError.NOT_OWNER
                && error != RmqError.CLOSED
                && error != RmqError.CORRUPT_DATA;
    }

    static long after(long delayMillis) {
        return Math.min(DELAY_MILLIS_MAX, 2 * delayMillis);
    }
}
