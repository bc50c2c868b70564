/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/**
 * A member of a window: the protocol's side. Its {@code take} methods are called on the loop on which it was opened last, and
 * must neither block nor throw.
 */
public interface WindowMember {

    /** For lists. */
    String name();

    /** Granted quality of service; from any loop. */
    int maxQos();

    /** Messages {@code from} to {@code to - 1} of a run, of one subject, that are not acknowledged. The run is borrowed. */
    void take(PublishRun run, int from, int to, Target group);

    /** One message to be acknowledged, which is also message {@code i} of the run. The run is borrowed. */
    void take(WindowDelivery delivery, PublishRun run, int i, Target group);

    /** One message that waited, or that another member gave back; to be acknowledged when its QoS is not 0. */
    void take(WindowDelivery delivery);

    /**
     * Others could take what it has not acknowledged: it gives back what it may, unless it is about to be online again. From any
     * loop.
     */
    void recall();
}
