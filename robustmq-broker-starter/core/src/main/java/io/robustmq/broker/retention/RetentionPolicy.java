/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.robustmq.kernel.RmqError;

/**
 * What retention must know of a topic. Immutable.
 *
 * @param compacted the newest value of each key is kept ({@code cleanup.policy=compact})
 * @param recordsPerSubject how many of the newest records of each key are kept; 0 for all ({@code retention.per.subject})
 * @param minCompactionLagMillis younger records are left alone
 * @param maxCompactionLagMillis a record that waited that long for its first pass causes one
 * @param minDirtyRatio share of bytes that no pass has seen, above which one is worth its cost
 * @param deleteRetentionMillis how long a tombstone stays behind its first pass, so that whoever began to read before it
 *     sees every deletion
 * @param activeBytes the newest so many bytes are left alone
 * @param maxBatchBytes no batch is written larger
 */
public record RetentionPolicy(
        Lifetime lifetime,
        boolean compacted,
        int recordsPerSubject,
        long minCompactionLagMillis,
        long maxCompactionLagMillis,
        double minDirtyRatio,
        long deleteRetentionMillis,
        long activeBytes,
        int maxBatchBytes) {
    /** Kafka's defaults, too. */
    public static final double DEFAULT_MIN_DIRTY_RATIO = 0.5;

    public static final long DEFAULT_DELETE_RETENTION_MILLIS = 24L * 3600 * 1000;

    /** Small beside what makes a pass worth its cost, large beside what a reader at the end has not read yet. */
    public static final long DEFAULT_ACTIVE_BYTES = 256 * 1024;

    public RetentionPolicy {
        if (recordsPerSubject < 0 || activeBytes < 0 || minCompactionLagMillis < 0 || deleteRetentionMillis < 0) {
            throw RmqError.INVALID_CONFIG.exception("limits of retention are 0 or more");
        }
        if (!(minDirtyRatio >= 0 && minDirtyRatio <= 1)) {
            throw RmqError.INVALID_CONFIG.exception("a ratio is between 0 and 1, not " + minDirtyRatio);
        }
        if (maxCompactionLagMillis < minCompactionLagMillis) {
            throw RmqError.INVALID_CONFIG.exception("the largest compaction lag is not below the smallest");
        }
    }

    /** Nothing but the engine's own limits. */
    public static RetentionPolicy limits(int maxBatchBytes) {
        return new RetentionPolicy(
                Lifetime.LIMITS,
                false,
                0,
                0,
                Long.MAX_VALUE,
                DEFAULT_MIN_DIRTY_RATIO,
                DEFAULT_DELETE_RETENTION_MILLIS,
                DEFAULT_ACTIVE_BYTES,
                maxBatchBytes);
    }

    /** How many records of a key stay; 0 for all. */
    int keepPerKey() {
        return compacted ? 1 : recordsPerSubject;
    }
}
