/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

/** What can be broken on purpose, to prove that the checkers find it. */
enum Defect {
    NONE,
    /** Of the disk: a force is forgotten. */
    FORCE_DOES_NOTHING,
    /** Of the disk: a synced write is a plain one. */
    SYNCED_WRITE_IS_PLAIN,
    /** Of recovery: what lies behind damage in the log is not looked at, so that damage always is the end. */
    DAMAGE_IS_THE_END,
    /** Of the engine: an append completes before the disk has it. */
    ANSWERS_EARLY,
    /** Of the engine: an append completes twice. */
    ANSWERS_TWICE,
    /** Of the engine: some appends complete and are not made. */
    FORGETS_APPENDS,
    /** Of the engine: some deletions complete and are not made. */
    FORGETS_DELETIONS,
    /** Of the engine: some states are not kept. */
    FORGETS_STATES,
    /** Of the engine: a fenced owner is told that it has appended. */
    ANSWERS_FENCED,
    /** Of the engine: reads do not look at checksums. */
    SERVES_DAMAGE,
    /** Of the engine: a batch is not given back. */
    KEEPS_BUFFERS,
    /** Of the engine: the watermark is ahead of what is committed. */
    WATERMARK_AHEAD
}
