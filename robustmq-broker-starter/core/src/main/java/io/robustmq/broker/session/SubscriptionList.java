/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionPort;
import io.robustmq.protocol.SessionPort.Holder;
import io.robustmq.protocol.SessionPort.Subscriptions;
import io.robustmq.protocol.StoredSubscription;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One page of what clients have subscribed to: asks coordinators and connections. Thread-safe: immutable. */
final class SubscriptionList {
    private final SessionPort sessions;
    private final SessionRegistry registry;

    SubscriptionList(SessionPort sessions, SessionRegistry registry) {
        this.sessions = sessions;
        this.registry = registry;
    }

    CompletionStage<List<Subscriptions>> page(
            String tenant, @Nullable String clientId, @Nullable String afterClientId, int limit) {
        String after = afterClientId == null ? "" : afterClientId;
        NavigableMap<String, CompletableFuture<List<StoredSubscription>>> asked = new TreeMap<>();
        registry.volatileHolders(tenant, clientId, after, limit).forEach((id, holder) -> asked.put(id, ask(holder)));
        CompletionStage<List<SessionImage>> kept =
                clientId == null ? sessions.list(tenant, "", afterClientId, limit) : one(tenant, clientId, after);
        return kept.thenCompose(images -> CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(v -> merged(images, asked, limit)));
    }

    private static CompletableFuture<List<StoredSubscription>> ask(Holder holder) {
        return holder.subscriptions().toCompletableFuture().exceptionally(gone -> List.of());
    }

    private CompletionStage<List<SessionImage>> one(String tenant, String clientId, String after) {
        if (clientId.compareTo(after) <= 0) {
            return CompletableFuture.completedStage(List.of());
        }
        return sessions.show(tenant, clientId).handle((image, failure) -> {
            if (failure == null) {
                return List.of(image);
            }
            if (RmqException.errorOf(failure) == RmqError.NOT_FOUND) {
                return List.of();
            }
            throw new java.util.concurrent.CompletionException(failure);
        });
    }

    private static List<Subscriptions> merged(
            List<SessionImage> kept,
            NavigableMap<String, CompletableFuture<List<StoredSubscription>>> others,
            int limit) {
        NavigableMap<String, Subscriptions> byClient = new TreeMap<>();
        others.forEach((id, all) -> byClient.put(id, new Subscriptions(id, false, all.join())));
        kept.forEach(
                each -> byClient.put(each.clientId(), new Subscriptions(each.clientId(), true, each.subscriptions())));
        return byClient.values().stream().limit(limit).toList();
    }
}
