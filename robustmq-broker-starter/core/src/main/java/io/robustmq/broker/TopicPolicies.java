/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

/**
 * What may go from a topic, and when, in types. Immutable; made by {@link TopicSettings#policies}.
 *
 * @param retention what keeps a record: the limits alone, or those who still need it within the limits
 * @param delete whether records beyond the limits go ({@code cleanup.policy} has {@code delete})
 * @param compact whether only the last record of each key stays ({@code cleanup.policy} has {@code compact})
 * @param retentionMillis records older than this may go; -1 for no limit
 * @param retentionBytes bytes per shard beyond which the oldest go; -1 for no limit
 * @param retentionRecords records per shard beyond which the oldest go; -1 for no limit
 * @param retentionPerSubject records of one subject in a shard beyond which its oldest go; -1 for no limit
 * @param deleteRetentionMillis how long a tombstone stays behind its compaction, so that every reader sees it
 * @param minCompactionLagMillis a record is not compacted away before it is that old
 * @param maxCompactionLagMillis a record that may be compacted away is, once it is that old, whatever the dirty ratio is
 * @param minCleanableDirtyRatio share of a shard's bytes not compacted yet from which on it is compacted
 */
public record TopicPolicies(
        Retention retention,
        boolean delete,
        boolean compact,
        long retentionMillis,
        long retentionBytes,
        long retentionRecords,
        long retentionPerSubject,
        long deleteRetentionMillis,
        long minCompactionLagMillis,
        long maxCompactionLagMillis,
        double minCleanableDirtyRatio) {

    /** What keeps a record; {@code retention.policy}. */
    public enum Retention {
        /** The limits, whoever has read it. */
        LIMITS("limits"),
        /** Anybody who is interested and has not confirmed it yet; the limits still hold. */
        INTEREST("interest"),
        /** Until one consumer has confirmed it; the limits still hold. */
        WORK_QUEUE("work-queue");

        private final String key;

        Retention(String key) {
            this.key = key;
        }

        /** As it is written in a topic's settings. */
        public String key() {
            return key;
        }
    }
}
