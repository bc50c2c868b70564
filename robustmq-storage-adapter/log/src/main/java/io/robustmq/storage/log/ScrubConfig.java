/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.RmqError;

/**
 * How a disk is read again and again in the background. Immutable.
 *
 * @param bytesPerSecond what it reads at most; 0 for never
 * @param intervalMillis from the beginning of a round to that of the next, which may take longer
 * @param delayMillis after the first shard is open: a start has better things to read
 */
public record ScrubConfig(long bytesPerSecond, long intervalMillis, long delayMillis) {
    public static final long DELAY_MILLIS = 10 * 60 * 1000L;
    public static final ScrubConfig OFF = new ScrubConfig(0, 1, DELAY_MILLIS);

    public ScrubConfig {
        if (bytesPerSecond < 0 || intervalMillis < 1 || delayMillis < 0) {
            throw RmqError.INVALID_CONFIG.exception("a scrub's rate is 0 or more, its interval above 0");
        }
    }

    public boolean isOff() {
        return bytesPerSecond == 0;
    }
}
