/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

/**
 * Limits of delayed messages. Immutable.
 *
 * @param countMax beyond so many a message is refused
 * @param bytesMax beyond so many bytes in the log a message is refused
 */
public record DelayConfig(long countMax, long bytesMax) {
    public static final DelayConfig DEFAULTS = new DelayConfig(1_000_000, 1L << 30);
}
