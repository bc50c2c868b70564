/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A connection's hold on the durable state of its session. What it asks is done in its order, each whole or not at all, and
 * completes when it is committed, on any thread; it fails with FENCED once another connection has the session. Thread-safe.
 */
public interface DurableSession {

    /** As it was when the session was acquired. */
    SessionImage image();

    /**
     * Adds subscriptions, or replaces those of the same filter.
     *
     * @param begins places of shards that no subscription concerned before
     */
    CompletionStage<Void> subscribe(List<StoredSubscription> subscriptions, ShardPositions begins);

    CompletionStage<Void> unsubscribe(List<String> filters);

    /**
     * Replaces what is known of the session's progress.
     *
     * @param forced whether it outlives a power cut, too
     * @param readsBacklog whether the connection still reads what lies in the log behind its positions
     */
    CompletionStage<Void> progress(SessionProgress progress, boolean forced, boolean readsBacklog);

    /** Replaces what is known of the client's QoS 2 publishes; outlives a power cut. */
    CompletionStage<Void> received(ReceivedExchanges exchanges);

    /** The connection is gone and the session waits; with an expiry of 0 it ends. */
    CompletionStage<Void> leave(Leave leave);

    /** Forgets the session. */
    CompletionStage<Void> end();

    /**
     * How a connection leaves its session.
     *
     * @param expirySeconds may differ from what CONNECT wanted
     * @param keepWill whether the will that came with the session is to be published, after its delay
     */
    record Leave(long expirySeconds, boolean keepWill, SessionProgress progress) {}

    /**
     * What is to be published when the client is gone for long. Immutable; the array is not to be changed.
     *
     * @param message in the protocol's own form
     */
    record DelayedWill(long delaySeconds, byte[] message) {}
}
