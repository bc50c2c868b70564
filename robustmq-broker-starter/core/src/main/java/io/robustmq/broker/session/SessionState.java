/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.StoredSubscription;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One session in its coordinator; changed by replay only. Confined to the coordinator's loop. */
final class SessionState {
    private final SessionKey key;
    private @Nullable SessionMeta meta;
    /** Null for none, as many sessions have none. */
    private @Nullable Map<String, StoredSubscription> subscriptions;

    private SessionProgress progress = SessionProgress.NONE;
    private ReceivedExchanges received = ReceivedExchanges.NONE;
    private boolean readsBacklog;

    SessionState(SessionKey key) {
        this.key = key;
    }

    SessionKey key() {
        return key;
    }

    /** Null while only what belongs to it was replayed. */
    @Nullable
    SessionMeta meta() {
        return meta;
    }

    SessionProgress progress() {
        return progress;
    }

    ReceivedExchanges received() {
        return received;
    }

    /** Whether its connection has said that it reads what lies in the log. */
    boolean readsBacklog() {
        return readsBacklog;
    }

    /** A hint about now, not part of what is kept: a new connection says it anew. */
    void readsBacklog(boolean reads) {
        readsBacklog = reads;
    }

    List<StoredSubscription> subscriptions() {
        Map<String, StoredSubscription> all = subscriptions;
        return all == null ? List.of() : List.copyOf(all.values());
    }

    int subscriptionCount() {
        Map<String, StoredSubscription> all = subscriptions;
        return all == null ? 0 : all.size();
    }

    @Nullable
    StoredSubscription subscription(String filter) {
        Map<String, StoredSubscription> all = subscriptions;
        return all == null ? null : all.get(filter);
    }

    /** As others may see it. Not without {@link #meta}. */
    SessionImage image() {
        SessionMeta about = java.util.Objects.requireNonNull(meta);
        return new SessionImage(
                key.tenant(),
                key.clientId(),
                about.epoch(),
                about.createdMillis(),
                about.connectedMillis(),
                about.disconnectedMillis(),
                about.expirySeconds(),
                about.willAtMillis(),
                subscriptions(),
                progress,
                received);
    }

    // --- replay

    void meta(@Nullable SessionMeta changed) {
        meta = changed;
    }

    void progress(@Nullable SessionProgress changed) {
        progress = changed == null ? SessionProgress.NONE : changed;
    }

    void received(@Nullable ReceivedExchanges changed) {
        received = changed == null ? ReceivedExchanges.NONE : changed;
    }

    void put(StoredSubscription subscription) {
        Map<String, StoredSubscription> all = subscriptions;
        if (all == null) {
            all = new TreeMap<>();
            subscriptions = all;
        }
        all.put(subscription.filter(), subscription);
    }

    void remove(String filter) {
        Map<String, StoredSubscription> all = subscriptions;
        if (all != null) {
            all.remove(filter);
            if (all.isEmpty()) {
                subscriptions = null;
            }
        }
    }

    /** Whether nothing of it is left. */
    boolean isGone() {
        return meta == null
                && subscriptions == null
                && progress == SessionProgress.NONE
                && received == ReceivedExchanges.NONE;
    }
}
