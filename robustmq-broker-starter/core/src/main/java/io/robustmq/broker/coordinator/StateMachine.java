/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one coordinator shard: a function of the last record of each key, since the shard is compacted. So replaying
 * once more, in order, what the state already shows ends in the same state. Confined to the coordinator's loop.
 */
public interface StateMachine {

    /**
     * The only method that changes state. Called in the order of offsets: when the shard is loaded, and from then on as soon
     * as a command has answered with the record, which is before it is committed; when that fails, {@link #reset} follows.
     */
    void replay(CoordinatorRecord record, long offset);

    /** Everything below the offset is committed. */
    default void committed(long offset) {}

    /** Forgets everything that is not committed for certain; the shard is loaded again. */
    void reset();

    /** The shard is loaded: commands follow. */
    default void loaded() {}

    /** Version of what {@link #dump} writes; another one is not restored. */
    short stateVersion();

    /** Begins to write the state down; null when it is cheaper to replay the shard. */
    @Nullable
    StateDump dump();

    /** Reads what {@link #dump} has written, after a {@link #reset}. The body is borrowed. */
    void restore(ByteBuf body);

    /** When {@link #tick} wants to be called, wall clock milliseconds; {@link Long#MAX_VALUE} for never. */
    default long nextTickMillis() {
        return Long.MAX_VALUE;
    }

    /** Changes that time asks for, as the records of a command. */
    default List<CoordinatorRecord> tick(long nowMillis) {
        return List.of();
    }

    /**
     * One walk over the state, in steps, while commands go on: an entry that changes meanwhile may be written as it was
     * before or as it is after.
     */
    @FunctionalInterface
    interface StateDump {
        /** Writes about so many bytes; true when nothing is left. */
        boolean write(ByteBuf out, int bytes);
    }
}
