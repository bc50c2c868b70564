/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

/** What must be true before an append completes. */
public enum Durability {
    /** In this process's memory; a crash of the process loses it. */
    MEMORY,
    /** Handed to the operating system; a crash of the machine may lose it. */
    OS_BUFFER,
    /** Forced to the device. */
    FSYNC
}
