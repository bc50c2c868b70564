/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

/** A place in a shard; offset -1 means that there is no record at or after the asked time. */
public record TimestampAndOffset(long timestampMillis, long offset) {
    public static final TimestampAndOffset NONE = new TimestampAndOffset(-1, -1);
}
