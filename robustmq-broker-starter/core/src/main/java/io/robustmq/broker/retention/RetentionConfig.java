/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.robustmq.kernel.RmqError;

/**
 * Settings of a node's {@link RetentionWorker}. Immutable.
 *
 * @param compactionBytesPerSecond how much compaction reads and writes ({@code
 *     robustmq.retention.compaction-bytes-per-second})
 * @param keyMapBytes memory for the keys of one pass, of which a node runs one at a time
 * @param sliceBytes what one step reads
 * @param replaceBytes what stays is put in place when it has this size, or was read from four times as much: an engine of
 *     segment files writes each file anew of which a part is replaced
 * @param intervalMillis how often shards are looked at
 * @param retryMillis how long a shard is left alone behind a failure, or when nothing could be done
 * @param producerExpiryMillis an idempotent producer that was silent that long is forgotten
 */
public record RetentionConfig(
        long compactionBytesPerSecond,
        long keyMapBytes,
        int sliceBytes,
        int replaceBytes,
        long intervalMillis,
        long retryMillis,
        long producerExpiryMillis) {

    public RetentionConfig {
        if (compactionBytesPerSecond < 1
                || keyMapBytes < KeyIndex.SLOT_BYTES * 16L
                || sliceBytes < 1
                || replaceBytes < 1) {
            throw RmqError.INVALID_CONFIG.exception("compaction needs some bytes per second, for keys and per step");
        }
        if (intervalMillis < 1 || retryMillis < 1) {
            throw RmqError.INVALID_CONFIG.exception("intervals of retention are 1 millisecond or more");
        }
    }

    /** 64 MiB/s; 32 MiB of keys are a million of them. */
    public static RetentionConfig defaults() {
        return new RetentionConfig(64L << 20, 32L << 20, 1 << 20, 8 << 20, 1000, 15_000, 24L * 3600 * 1000);
    }

    /** With what an operator may set. */
    public RetentionConfig with(long bytesPerSecond, long keyBytes) {
        return new RetentionConfig(
                bytesPerSecond, keyBytes, sliceBytes, replaceBytes, intervalMillis, retryMillis, producerExpiryMillis);
    }
}
