/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.protocol.SessionPort;
import io.robustmq.protocol.StoredSubscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the node's register of client ids knows of a session: enough to send its connection away and to hand it over.
 * Thread-safe: it waits for the session to be ready, then works on the session's loop.
 */
public final class SessionHolder implements SessionPort.Holder {
    private final CompletableFuture<@Nullable MqttSession> ready = new CompletableFuture<>();

    /** The session is there; null when the connection was refused or went away before. */
    public void ready(@Nullable MqttSession session) {
        ready.complete(session);
    }

    @Override
    public CompletionStage<@Nullable Object> takeOver(long byEpoch) {
        return ready.thenCompose(SessionHolder::leave);
    }

    @Override
    public void discard(Object handedOver) {
        ready.thenAccept(session -> {
            if (session != null && handedOver instanceof Leftovers leftovers) {
                session.loop().execute(() -> leftovers.discard(session));
            }
        });
    }

    @Override
    public CompletionStage<List<StoredSubscription>> subscriptions() {
        MqttSession session = ready.getNow(null);
        if (session == null) {
            return CompletableFuture.completedStage(List.of());
        }
        CompletableFuture<List<StoredSubscription>> all = new CompletableFuture<>();
        session.loop().execute(() -> all.complete(session.subscribed()));
        return all;
    }

    private static CompletionStage<@Nullable Object> leave(@Nullable MqttSession session) {
        if (session == null) {
            return CompletableFuture.completedStage(null);
        }
        session.loop().execute(() -> {
            Wire wire = session.wire();
            if (wire != null) {
                session.services().counters().takeovers.increment();
                wire.disconnect(ReasonCode.SESSION_TAKEN_OVER, "another connection uses this client id");
            }
        });
        CompletableFuture<@Nullable Object> handedOver = new CompletableFuture<>();
        session.left().thenRun(() -> session.loop().execute(() -> handedOver.complete(session.handOver())));
        return handedOver;
    }
}
