/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.broker.coordinator.Command;
import io.robustmq.broker.coordinator.CoordinatorHandle;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a coordinator that a connection has left its session, again and again while it takes no more: a session that nobody has left
 * would count as connected, and neither end nor publish its will. No later command of the connection can be overtaken, since there is
 * none; another connection's acquire ends the attempts by its epoch. Confined to the coordinator's loop, once begun.
 */
final class Leaving {
    private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long PAUSE_MILLIS_MAX = 10_000;
    /** The connection does not wait longer than for so many: what it knows more than its coordinator is repeated at worst. */
    private static final int ATTEMPTS_WAITED_FOR = 4;

    /** About ten minutes. */
    static final int ATTEMPTS_MAX = 64;

    private final CoordinatorHandle<SessionMachine> coordinator;
    private final SessionKey key;
    private final Command<SessionMachine, Boolean> command;
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private int attempts;

    Leaving(CoordinatorHandle<SessionMachine> coordinator, SessionKey key, Command<SessionMachine, Boolean> command) {
        this.coordinator = coordinator;
        this.key = key;
        this.command = command;
    }

    /** Completes when it is known, or fails when it is not known soon; then it is still tried. */
    CompletionStage<Void> begin() {
        attempt();
        return told;
    }

    private void attempt() {
        attempts++;
        StoredSession.ask(coordinator, command).whenComplete((yes, failure) -> {
            if (failure == null) {
                told.complete(null);
            } else {
                failed(RmqException.errorOf(failure), failure);
            }
        });
    }

    private void failed(RmqError error, Throwable failure) {
        boolean helps = error != RmqError.FENCED && error != RmqError.CLOSED;
        if (!helps || attempts >= ATTEMPTS_WAITED_FOR) {
            told.completeExceptionally(failure);
        }
        if (helps && attempts < ATTEMPTS_MAX) {
            long pause = Math.min(PAUSE_MILLIS_MAX, FIRST_PAUSE_MILLIS << Math.min(attempts - 1, 10));
            coordinator.loop().schedule(pause, this::attempt);
        } else if (helps) {
            LOG.error(
                    "the session of '{}' counts as connected until its client or this node comes back: {}",
                    key.clientId(),
                    failure.getMessage());
        }
    }
}
