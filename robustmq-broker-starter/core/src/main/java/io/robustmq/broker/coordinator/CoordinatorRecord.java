/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * A change of state, as it is kept in the shard. The arrays are not to be changed.
 *
 * @param key what the change is about: compaction keeps the last record of each key
 * @param value begins with a version of its own; null removes the key
 */
public record CoordinatorRecord(byte[] key, byte @Nullable [] value) {

    /** Bytes of key and value. */
    public int sizeBytes() {
        return key.length + (value == null ? 0 : value.length);
    }
}
