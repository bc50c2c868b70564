/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kernel.Cancellable;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Looks for views before names are answered: a name that is not known yet may be that of a view, which creating a topic would end;
 * and a view may have moved. Immutable.
 */
final class ViewSearch {
    /** Well below the time that clients wait for an answer. */
    private static final long SEARCH_MILLIS = 2_000;

    private final KafkaServices services;
    private final Topics topics;

    ViewSearch(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    /** @param then on the connection's loop, with the names of which nobody knows yet what they are; before this returns if it can */
    void look(Exchange exchange, Collection<String> names, Consumer<Set<String>> then) {
        Set<String> unknown = new TreeSet<>();
        List<CompletableFuture<?>> searches = new ArrayList<>();
        for (String name : names) {
            LogTopic known = topics.find(exchange.client(), name, Uuid.ZERO_UUID);
            if (Topic.isValid(name) && (known == null || known.view()) && topics.maySee(exchange.client(), name)) {
                CompletableFuture<?> search = look(exchange, name, unknown);
                if (!search.isDone()) {
                    searches.add(search);
                }
            }
        }
        if (searches.isEmpty()) {
            then.accept(unknown);
        } else {
            CompletableFuture.allOf(searches.toArray(CompletableFuture[]::new))
                    .whenComplete((searched, failure) -> then.accept(unknown));
        }
    }

    /** All views, where they are to be listed: on the connection's loop, before this returns if it can; without them when it takes long. */
    void list(Exchange exchange, Consumer<List<LogTopic>> then) {
        if (!services.options().listViews()) {
            then.accept(List.of());
            return;
        }
        CompletableFuture<List<LogTopic>> answer = new CompletableFuture<>();
        Cancellable late = exchange.loop().schedule(SEARCH_MILLIS, () -> answer.complete(List.of()));
        services.ports()
                .log()
                .views(exchange.client().tenant())
                .whenComplete((found, failure) -> exchange.loop().execute(() -> {
                    late.cancel();
                    answer.complete(failure == null ? found : List.of());
                }));
        answer.thenAccept(views -> then.accept(views.stream()
                .filter(view -> Topic.isValid(view.name())
                        && view.isVisibleTo(exchange.client().protocol())
                        && topics.maySee(exchange.client(), view))
                .toList()));
    }

    /** Completes on the connection's loop, unless at once. */
    private CompletableFuture<?> look(Exchange exchange, String name, Set<String> unknown) {
        CompletableFuture<?> search =
                services.ports().log().find(exchange.client().tenant(), name).toCompletableFuture();
        if (search.isDone() && !search.isCompletedExceptionally()) {
            return search;
        }
        CompletableFuture<@Nullable Object> patience = new CompletableFuture<>();
        Cancellable late = exchange.loop().schedule(SEARCH_MILLIS, () -> {
            // It goes on, and what it finds is there when the client asks again.
            unknown.add(name);
            patience.complete(null);
        });
        search.whenComplete((found, failure) -> exchange.loop().execute(() -> {
            late.cancel();
            if (failure != null) {
                unknown.add(name);
            }
            patience.complete(null);
        }));
        return patience;
    }
}
