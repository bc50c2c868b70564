/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a session but for its subscriptions and its progress. Immutable; the array is not to be changed.
 *
 * @param epoch rises with each connection that acquires the session
 * @param incarnation of the process that holds the connection
 * @param disconnectedMillis 0 while it is connected
 * @param willDelaySeconds how long after the connection is gone the will is due
 * @param willAtMillis when the will is due; 0 while that is not known
 * @param will null for none
 */
record SessionMeta(
        long epoch,
        long incarnation,
        long createdMillis,
        long connectedMillis,
        long disconnectedMillis,
        long expirySeconds,
        long willDelaySeconds,
        long willAtMillis,
        byte @Nullable [] will) {

    /** Expiry that means never. */
    static final long NEVER = 0xFFFF_FFFFL;

    boolean isConnected() {
        return disconnectedMillis == 0;
    }

    /** When the session ends; {@link Long#MAX_VALUE} for not by itself. */
    long expiresAtMillis() {
        return isConnected() || expirySeconds >= NEVER ? Long.MAX_VALUE : disconnectedMillis + expirySeconds * 1000;
    }

    /** When something happens by itself: the will is due, or the session ends. */
    long dueMillis() {
        long end = expiresAtMillis();
        return will != null && willAtMillis != 0 ? Math.min(end, willAtMillis) : end;
    }

    /** The connection is gone. */
    SessionMeta disconnected(long nowMillis, long expiry, boolean keepWill) {
        byte[] kept = keepWill ? will : null;
        // The session's end fires it before ([MQTT-3.1.3-9]).
        long delay = Math.min(willDelaySeconds, expiry);
        return new SessionMeta(
                epoch,
                incarnation,
                createdMillis,
                connectedMillis,
                nowMillis,
                expiry,
                willDelaySeconds,
                kept == null ? 0 : nowMillis + delay * 1000,
                kept);
    }

    SessionMeta withoutWill() {
        return new SessionMeta(
                epoch,
                incarnation,
                createdMillis,
                connectedMillis,
                disconnectedMillis,
                expirySeconds,
                willDelaySeconds,
                0,
                null);
    }
}
