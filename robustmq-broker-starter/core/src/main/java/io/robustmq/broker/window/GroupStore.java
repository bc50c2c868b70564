/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Cancellable;
import io.robustmq.protocol.WindowPort.Group;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Keeps what of groups outlives the process. A group is kept from {@link #begin} until no session is kept any more that has its
 * filter. Stages complete on any thread. Thread-safe.
 */
public interface GroupStore {

    /** Waits until an end of the group that has begun is over; the group does not end until the hold is cancelled. */
    CompletionStage<Cancellable> hold(Group group);

    /** Keeps the group from now on; answers with what is kept, which is another progress when there has been one before. */
    CompletionStage<StoredGroup> begin(Group group, GroupProgress first);

    /**
     * Replaces how far it is; fails with NOT_FOUND when that group has ended.
     *
     * @param forced whether it outlives a power cut, too
     */
    CompletionStage<Void> progress(Group group, long sinceMillis, GroupProgress progress, boolean forced);

    /** Completes when an end of the group that has begun is over. */
    CompletionStage<Void> settled(Group group);

    /** Client ids of the sessions that have the group's filter. */
    Set<String> members(Group group);

    /** Where groups are online; called on any thread. */
    interface Online {
        /** It goes on where an earlier process has left it. */
        void restore(StoredGroup group);

        /** A session that was kept has not the group's filter any more. */
        void left(Group group, String clientId);

        /** It is not kept any more. */
        void ended(Group group);
    }
}
