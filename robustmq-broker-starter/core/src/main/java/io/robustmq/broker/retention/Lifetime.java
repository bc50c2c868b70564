/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

/** How long records of a topic live ({@code retention.policy}). */
public enum Lifetime {
    /** Until a limit of time, size or number; holds may keep them longer. */
    LIMITS,
    /** As long as somebody who is interested has not confirmed them; nobody is interested: not at all. */
    INTEREST,
    /** Until the one consumer group has confirmed them. */
    WORK_QUEUE
}
