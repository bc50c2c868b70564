/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.ShardId;
import org.jspecify.annotations.Nullable;

/** A message that a window gave to a member. Owned by the member until it is done or given back. */
public interface WindowDelivery {

    StoredMessage message();

    /** The quality of service for this member. */
    int qos();

    /** Whether it was published to be retained. */
    boolean retain();

    /** The member to whom it was given. */
    WindowMember member();

    /** Acknowledged, refused or beyond taking back: nobody else will get it. */
    void done();

    /** Where it lies, if its group outlives the process; else null. */
    @Nullable
    ShardId shard();

    /** Its place in the shard. */
    long offset();

    /**
     * The same as {@link #done}.
     *
     * @param noted run on any thread, when a group that outlives the process will know it after a crash; at once for others
     */
    void done(Runnable noted);
}
