/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.broker.coordinator.Command;
import io.robustmq.broker.coordinator.CoordinatorHandle;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.DurableSession;
import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.StoredSubscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One connection's way to the coordinator of its session. Immutable; thread-safe. */
final class StoredSession implements DurableSession {
    private final CoordinatorHandle<SessionMachine> coordinator;
    private final Clock clock;
    private final SessionKey key;
    private final SessionImage image;

    StoredSession(CoordinatorHandle<SessionMachine> coordinator, Clock clock, SessionKey key, SessionImage image) {
        this.coordinator = coordinator;
        this.clock = clock;
        this.key = key;
        this.image = image;
    }

    @Override
    public SessionImage image() {
        return image;
    }

    @Override
    public CompletionStage<Void> subscribe(List<StoredSubscription> subscriptions, ShardPositions begins) {
        return done(SessionCommands.subscribe(key, image.epoch(), subscriptions, begins));
    }

    @Override
    public CompletionStage<Void> unsubscribe(List<String> filters) {
        return done(SessionCommands.unsubscribe(key, image.epoch(), filters));
    }

    @Override
    public CompletionStage<Void> progress(SessionProgress progress, boolean forced, boolean readsBacklog) {
        return done(SessionCommands.progress(key, image.epoch(), progress, forced, readsBacklog));
    }

    @Override
    public CompletionStage<Void> received(ReceivedExchanges exchanges) {
        return done(SessionCommands.received(key, image.epoch(), exchanges));
    }

    @Override
    public CompletionStage<Void> leave(Leave leave) {
        return new Leaving(coordinator, key, SessionCommands.leave(key, image.epoch(), leave, clock.millis())).begin();
    }

    @Override
    public CompletionStage<Void> end() {
        return done(SessionCommands.end(key, image.epoch()));
    }

    private CompletionStage<Void> done(Command<SessionMachine, Boolean> command) {
        return ask(coordinator, command).thenApply(yes -> null);
    }

    /** Completes on the coordinator's loop, or at once when it takes no more. */
    static <R> CompletableFuture<R> ask(
            CoordinatorHandle<SessionMachine> coordinator, Command<SessionMachine, R> command) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        RmqError refusal = coordinator.submit(command, (response, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(response);
            }
        });
        if (refusal != null) {
            answer.completeExceptionally(refusal.exception("the coordinator of sessions takes no more"));
        }
        return answer;
    }
}
