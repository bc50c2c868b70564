/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A registered node's lease, as this node's own monotonic clock sees it. Thread-safe. */
public interface NodeLease extends AutoCloseable {

    /** Completes when the node is registered and its lease is held for the first time. */
    CompletionStage<NodeInfo> registered();

    /**
     * Until when, in {@link io.robustmq.kernel.Clock#nanos}, this node may acknowledge: two thirds of the lease after the
     * last heartbeat that was answered was <em>sent</em>. Compare by difference. Also true when clocks drift, because meta
     * waits for the whole lease from when it received that heartbeat.
     */
    long heldUntilNanos();

    /** Whether {@link #heldUntilNanos} lies ahead. */
    boolean held();

    /** Whether another incarnation has registered: this process must not come back. */
    boolean superseded();

    /**
     * Tells the cluster the addresses of this node's open ports, {@code mqtt-tcp} to {@code host:port}. Completes when they
     * are in the registry, exceptionally when that cannot be reached.
     */
    CompletionStage<NodeInfo> advertise(Map<String, String> listeners);

    /**
     * Ends the lease at once, for a node that has put everything away: nobody has to wait until it runs out. Completes when
     * the cluster knows, exceptionally when it cannot be told and has to wait after all.
     */
    CompletionStage<Boolean> leave();

    /** Stops the heartbeats; the lease ends by itself. */
    @Override
    void close();
}
