/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Loop;
import java.util.List;

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
}
