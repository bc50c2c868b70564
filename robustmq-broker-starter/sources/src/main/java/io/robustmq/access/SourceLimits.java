/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access;

import io.robustmq.kernel.RmqError;
import java.time.Duration;

/**
 * What every source is configured with. Immutable.
 *
 * @param timeout after which it is too late
 * @param remember how long a right password holds without another question
 * @param concurrency log-ins that are with the source at a time
 * @param onFailure what happens when it cannot tell
 */
public record SourceLimits(Duration timeout, Duration remember, int concurrency, OnFailure onFailure) {
    private static final int CONCURRENCY_MAX = 256;

    /** What happens when a source cannot tell whether somebody may log in. */
    public enum OnFailure {
        /** Nobody is let in for now. */
        REFUSE,
        /** The next source is asked; whoever can silence this one chooses who decides. */
        NEXT
    }

    /** Fails with INVALID_CONFIG when the source could not be asked like this. */
    public SourceLimits {
        if (timeout.isNegative() || timeout.isZero() || remember.isNegative()) {
            throw RmqError.INVALID_CONFIG.exception(
                    "robustmq.access.sources: a timeout is longer than nothing, what is remembered is not negative");
        }
        if (concurrency < 1 || concurrency > CONCURRENCY_MAX) {
            throw RmqError.INVALID_CONFIG.exception(
                    "robustmq.access.sources: a concurrency is 1 to " + CONCURRENCY_MAX + ", not " + concurrency);
        }
    }
}
