/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.kernel.ShardId;

/** Keeps from retention what sessions still need. Thread-safe. */
public interface LogHolds {
    /** Nothing is needed. */
    long NOTHING = -1;

    /**
     * What all holders of that name together may keep of a shard, at most, behind its newest record; -1 for no limit. Before this is
     * called nothing is kept.
     */
    void limit(long records, long bytes, long ageMillis);

    /**
     * Keeps what lies at the offset and above, within the limits; another offset replaces the one before. May be told again what was
     * told: the shard may have been opened anew.
     *
     * @param offset {@link #NOTHING} when nothing is needed any more
     */
    void hold(String name, ShardId shard, long offset);
}
