/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What a member can tell its window. Confined to the member's loop. */
public interface WindowMembership {

    /**
     * The member is online and takes messages on this loop.
     *
     * @param credit unacknowledged messages that it takes at once
     */
    void open(Loop loop, int credit);

    /** It takes no more; what comes nevertheless goes back. Nothing happens when it is not open. */
    void close();

    /** Messages pass it over, for as long as it has no room. */
    void pause();

    void resume();

    /** Messages that somebody else may have; in their order, and unacknowledged. */
    void giveBack(List<WindowDelivery> deliveries);

    /** It is no member any more; what it has not acknowledged it may still acknowledge or give back. */
    void leave();

    /**
     * The group outlives the process, as long as it has members whose sessions are kept with its filter. Completes on any thread
     * when that is committed; until the hold is cancelled, which is to be done once the session is kept with the filter, it goes
     * on without any.
     */
    CompletionStage<Cancellable> keep();

    /** What an earlier process gave to this member at QoS 2, and is not finished: it is the member's again. */
    WindowDelivery takeUp(ShardId shard, long offset);
}
