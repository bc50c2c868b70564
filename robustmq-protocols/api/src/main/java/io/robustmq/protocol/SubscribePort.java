/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.subject.Spelling;

/** Live interest. Thread-safe. */
public interface SubscribePort {

    /**
     * Adds the subscription. When it returns, every publish that is acknowledged from now on reaches the sink.
     */
    void add(String tenant, LiveSubscription subscription);

    /** Takes it away; deliveries that are under way may still arrive. */
    void remove(String tenant, LiveSubscription subscription);

    /** Whether somebody has subscribed to the subject now, for publishers of what is not worth making for nobody. */
    boolean isHeard(String tenant, Spelling spelling, String subject);

    /** A sink's loop has changed: routes are computed anew. */
    void rerouted();
}
