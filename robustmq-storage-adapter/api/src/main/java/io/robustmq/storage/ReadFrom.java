/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

/** Where a walk through a shard begins. */
public sealed interface ReadFrom {

    /** The oldest record that is still there. */
    record Earliest() implements ReadFrom {}

    /** Behind the newest committed record. */
    record Latest() implements ReadFrom {}

    /** The record of that offset, or the first behind it; OUT_OF_RANGE when it is gone or not yet written. */
    record Offset(long offset) implements ReadFrom {}

    /** The first record at or after that time. */
    record Time(long timestampMillis) implements ReadFrom {}
}
