/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

/** What a disk still does. */
public enum DiskState {
    /** Everything. */
    SERVING,
    /** Reads and deletes, until there is space again. */
    FULL,
    /** A write failed: reads what is there, until the process starts again. */
    READ_ONLY,
    /** A force failed, or what was forced cannot be read: reads what it can. */
    FAILED;

    /** For good, until the process starts again: nothing is written any more. */
    boolean isBroken() {
        return this == READ_ONLY || this == FAILED;
    }
}
