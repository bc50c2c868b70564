/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Follows single messages through the node, for those who look at where time goes between services. Where nobody does there is
 * none, and a message pays one look at a null. Thread-safe.
 */
public interface Tracing {
    /** The headers that carry a trace from one service to the next, as the W3C has it. */
    String TRACEPARENT = "traceparent";

    String TRACESTATE = "tracestate";

    /**
     * A message came in.
     *
     * @param system the protocol that it came by
     * @param name what it was published to
     * @param bytes of its payload
     * @param traceparent of its headers
     * @param tracestate of its headers
     * @return null when it is not followed
     */
    @Nullable
    MessageTrace published(
            String system,
            ClientIdentity client,
            String name,
            int bytes,
            @Nullable String traceparent,
            @Nullable String tracestate);

    /** A message of the log was handed to a client that asked for it. */
    void fetched(
            String system,
            ClientIdentity client,
            String name,
            int partition,
            long offset,
            String traceparent,
            @Nullable String tracestate);
}
