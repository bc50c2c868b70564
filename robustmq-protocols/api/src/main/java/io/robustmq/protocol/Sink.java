/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Loop;

/** A live subscriber. */
public interface Sink {

    /** The loop on which {@link #deliver} is called; when it changes, {@link SubscribePort#rerouted()} must be told. */
    Loop loop();

    /** Which protocol it speaks. */
    String protocol();

    /** Identity for "no local". */
    Object origin();

    /** What its client calls itself; empty when it has no name. */
    default String clientName() {
        return "";
    }

    /**
     * Offers the messages {@code from} to {@code to - 1} of a run, which all have one subject. The run is borrowed for the
     * call. Must not block and must not throw.
     */
    void deliver(PublishRun run, int from, int to, Target target);
}
