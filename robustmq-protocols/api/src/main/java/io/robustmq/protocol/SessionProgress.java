/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.ShardId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a session is. Immutable.
 *
 * @param positions everything below was sent, does not match, or was dropped; what was sent and not acknowledged is in flight
 * @param inFlight in the order in which they were first sent
 */
public record SessionProgress(ShardPositions positions, List<Outbound> inFlight, Drops drops) {
    public static final SessionProgress NONE = new SessionProgress(ShardPositions.NONE, List.of(), Drops.NONE);

    /** What the client owes for a message that was sent to it. */
    public enum Phase {
        PUBACK,
        PUBREC,
        PUBCOMP
    }

    /**
     * A message that was sent and not acknowledged.
     *
     * @param shard where it lies
     * @param group the filter of the group that gave it; null when it is the session's own
     */
    public record Outbound(
            int packetId,
            Phase phase,
            ShardId shard,
            long offset,
            @Nullable String group) {

        public Outbound(int packetId, Phase phase, ShardId shard, long offset) {
            this(packetId, phase, shard, offset, null);
        }
    }

    /**
     * What the session has lost since it began, by the limit that was reached.
     *
     * @param count messages beyond the number of messages that may wait
     * @param bytes messages beyond their bytes
     * @param age messages that waited longer than they may
     * @param retention offsets that went from their shard before they were read, whether or not they matched
     */
    public record Drops(long count, long bytes, long age, long retention) {
        public static final Drops NONE = new Drops(0, 0, 0, 0);
    }
}
