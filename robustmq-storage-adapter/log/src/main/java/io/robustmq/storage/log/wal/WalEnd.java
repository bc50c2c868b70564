/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

/**
 * Where a scan ended. Immutable.
 *
 * @param position the end of the log; of a corrupt one, where the damage begins
 * @param session the highest that was seen
 * @param verdict why it ends there
 * @param damagedTo of a corrupt log: the next group that is whole, or where it was known to go on
 * @param reason for people
 * @param healedBatches damaged ones that the visitor found elsewhere
 */
public record WalEnd(long position, long session, Verdict verdict, long damagedTo, String reason, int healedBatches) {

    /** What is known about the end. */
    public enum Verdict {
        /** Nothing was written behind it. */
        CLEAN,
        /** A group was being written, and nobody was told that it was there. */
        TORN,
        /** What lies there was forced once and cannot be read: it is not "absent". */
        CORRUPT
    }
}
