/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.Cancellable;
import java.util.concurrent.CompletionStage;

/**
 * A node's door to the meta service, in the same process or over the inner gRPC port. Commands are retried across leader
 * changes under one request id, so each takes effect once. Thread-safe.
 */
public interface MetaClient extends AutoCloseable {

    /** The latest image that this node has seen; an empty one before the first arrived. */
    MetaImage image();

    /** Completes when the first image has arrived. */
    CompletionStage<MetaImage> ready();

    /** Calls the listener with each new image, in order, on the meta loop, beginning with the current one. */
    Cancellable onImage(ImageListener listener);

    /**
     * Proposes a command and completes with its answer after it is committed and this node's image shows its effect; fails
     * with an {@link io.robustmq.kernel.RmqException}.
     */
    <R> CompletionStage<R> submit(MetaCommand<R> command);

    /** Small durable objects: (kind, tenant, name) to bytes and revision. */
    Documents documents();

    /**
     * Registers the node and keeps its lease alive with heartbeats until closed; registers again when the lease was lost,
     * unless another incarnation of the node has taken its place.
     */
    default NodeLease keepAlive(NodeInfo node) {
        throw io.robustmq.kernel.RmqError.NOT_SUPPORTED.exception("this client keeps no leases");
    }

    /** What the cluster's raft groups look like now, for admin and health. */
    CompletionStage<ClusterStatus> status();

    @Override
    void close();

    /** See {@link #onImage}. */
    @FunctionalInterface
    interface ImageListener {
        void imageChanged(MetaImage previous, MetaImage current);
    }
}
