/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.protocol.DurableSession.DelayedWill;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who holds a client id, and what is kept of a session that outlives its connection. Thread-safe. */
public interface SessionPort {

    /**
     * Makes the holder the one of the client id: the previous holder is told to go and hands over its state. What is kept of
     * the session is read, or begins; without an expiry, and where nothing is kept, that costs nothing. The stage completes on
     * any thread.
     */
    CompletionStage<Lease> acquire(SessionRequest request, Holder holder);

    /** Gives the client id back, when the epoch is still the current one. */
    void release(String tenant, String clientId, long connectionEpoch);

    /** How many sessions there are: of connections, and sleeping. */
    long count();

    /** The same of one tenant. */
    default long count(String tenant) {
        return count();
    }

    /** Whether a connection, or what it left, has the client id now. */
    default boolean isHeld(String tenant, String clientId) {
        return false;
    }

    /** Whether there is a session of that name, of a connection or sleeping, as far as is known without asking. */
    default boolean mayExist(String tenant, String clientId) {
        return isHeld(tenant, clientId);
    }

    /**
     * Sessions that outlive their connection, by client id.
     *
     * @param clientIdPart only those whose client id contains it; empty for all
     * @param afterClientId only those behind it; null for all
     */
    CompletionStage<List<SessionImage>> list(
            String tenant, String clientIdPart, @Nullable String afterClientId, int limit);

    /** Fails with NOT_FOUND. */
    CompletionStage<SessionImage> show(String tenant, String clientId);

    /**
     * What clients have subscribed to, by client id: those of sessions that outlive their connection, and of connections.
     *
     * @param clientId only of this one; null for all
     * @param afterClientId only of those behind it; null for all
     * @param limit so many clients at most
     */
    CompletionStage<List<Subscriptions>> subscriptions(
            String tenant, @Nullable String clientId, @Nullable String afterClientId, int limit);

    /** @param durable whether they outlive the connection; what others did not say about retained messages is 0 */
    record Subscriptions(String clientId, boolean durable, List<StoredSubscription> all) {}

    /** Sends its connection away, if there is one, and forgets the session; fails with NOT_FOUND. */
    CompletionStage<Void> delete(String tenant, String clientId);

    /**
     * Whose kept session has a filter that is one client's alone; null for nobody's. Known without asking.
     *
     * @param filter what is matched, without what makes it exclusive
     */
    @Nullable
    String exclusiveOwner(String tenant, String filter);

    /** How many sessions have ended by their expiry since the start. */
    long expired();

    /** What lies in the log for sessions. */
    SessionLogPort log();

    /**
     * Keeps from retention what sessions that sleep have not got, in each shard so much behind its newest record, whatever matches;
     * -1 for no limit. Without this call retention does not know of sessions.
     */
    void keepForSleepers(long records, long bytes, long ageMillis);

    /** Who publishes wills that are due when their client's connection is long gone; from now on. */
    void onWill(WillPublisher publisher);

    /**
     * @param cleanStart whether what is kept of the client is to be forgotten first
     * @param expirySeconds how long the session outlives its connection; 0 for not, 4294967295 for ever
     * @param will kept with a session that outlives its connection; null for none
     */
    record SessionRequest(
            String tenant,
            String clientId,
            boolean cleanStart,
            long expirySeconds,
            @Nullable DelayedWill will) {}

    /**
     * @param connectionEpoch rises with each acquire of the client id; the larger one is right
     * @param present whether the session was there before
     * @param durable null when nothing of it is kept
     * @param handedOver what the previous holder gave away, null when there was none or it kept nothing
     */
    record Lease(
            long connectionEpoch,
            boolean present,
            @Nullable DurableSession durable,
            @Nullable Object handedOver) {}

    /** A connection or a sleeping session. */
    interface Holder {

        /** Somebody else has the client id now: go, and complete with what the successor may go on with. */
        CompletionStage<@Nullable Object> takeOver(long byEpoch);

        /** Nobody goes on with what it gave away: the session has been forgotten. */
        default void discard(Object handedOver) {}

        /** What its client has subscribed to now. */
        default CompletionStage<List<StoredSubscription>> subscriptions() {
            return CompletableFuture.completedStage(List.of());
        }
    }

    /** See {@link #onWill}. */
    @FunctionalInterface
    interface WillPublisher {
        /** Completes when it is published, or can never be. Called on any thread. */
        CompletionStage<Void> publish(String tenant, String clientId, byte[] message);
    }
}
