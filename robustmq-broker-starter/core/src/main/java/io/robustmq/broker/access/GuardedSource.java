/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.event.SlowLogin;
import io.robustmq.protocol.ClientIdentity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source behind its limits: so many log-ins at a time, so long, and after some failures in a row none for a while, so that
 * one that is down costs neither threads nor patience. Thread-safe: the state is guarded by this, answers come on any thread.
 */
final class GuardedSource {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedSource.class);
    static final int FAILURES_MAX = 5;
    static final long REST_MILLIS = 5_000;
    /** For each log-in that may be with the source, so many may wait for their turn. */
    static final int WAITING_FACTOR = 8;

    private final CredentialSource source;
    private final Executor threads;
    private final Clock clock;
    private final boolean limited;
    private final SourceCounters counters = new SourceCounters();
    private int inside;
    private int failuresInRow;
    private boolean resting;
    private boolean probing;
    private long restsUntilNanos;

    /** @param limited false for what is in this process and bounded as it is */
    GuardedSource(CredentialSource source, Executor threads, Clock clock, boolean limited) {
        this.source = source;
        this.threads = threads;
        this.clock = clock;
        this.limited = limited;
    }

    CredentialSource source() {
        return source;
    }

    SourceCounters counters() {
        return counters;
    }

    /** Whether it has failed so often that it is left alone for now. */
    synchronized boolean isResting() {
        return resting;
    }

    /** @param timers null where time stands still, before the node has started */
    void ask(ClientIdentity client, byte[] password, @Nullable Loop timers, Consumer<Answer> told) {
        counters.asked.increment();
        if (limited && !enter()) {
            counters.shed.increment();
            told.accept(Answer.FAILED);
            return;
        }
        long begun = clock.nanos();
        SlowLogin event = SlowLogin.started();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Cancellable late =
                timers == null || !limited ? () -> {} : timers.schedule(source.timeoutMillis(), () -> late(answer));
        answer.whenComplete((said, failure) -> {
            late.cancel();
            counters.took(clock.nanos() - begun);
            Answer judged = judge(said, failure);
            event.commit(source.name(), judged.outcome().name());
            told.accept(judged);
        });
        try {
            threads.execute(() -> verify(client, password, answer));
        } catch (RejectedExecutionException e) {
            leave();
            answer.complete(Answer.FAILED);
        }
    }

    private void late(CompletableFuture<Answer> answer) {
        if (answer.complete(Answer.FAILED)) {
            counters.late.increment();
        }
    }

    private void verify(ClientIdentity client, byte[] password, CompletableFuture<Answer> answer) {
        if (answer.isDone()) {
            leave();
            return;
        }
        CompletionStage<Answer> stage;
        try {
            stage = source.verify(client, password);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        stage.whenComplete((said, failure) -> {
            leave();
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(said == null ? Answer.FAILED : said);
            }
        });
    }

    private synchronized boolean enter() {
        int insideMax = source.concurrencyMax() * (1 + WAITING_FACTOR);
        if (inside >= insideMax || resting && !mayProbe()) {
            return false;
        }
        inside++;
        return true;
    }

    /** After its rest one log-in finds out whether it is back. */
    private boolean mayProbe() {
        if (probing || clock.nanos() - restsUntilNanos < 0) {
            return false;
        }
        probing = true;
        return true;
    }

    private synchronized void leave() {
        inside--;
    }

    private Answer judge(@Nullable Answer said, @Nullable Throwable failure) {
        if (said == null || said.outcome() == Outcome.FAILED) {
            counters.failed.increment();
            failed(failure);
            return Answer.FAILED;
        }
        counters.of(said.outcome()).increment();
        succeeded();
        return said;
    }

    private synchronized void failed(@Nullable Throwable failure) {
        failuresInRow++;
        if (failuresInRow == 1) {
            // Of the failure only its kind: what a source puts into a message may have the password in it.
            LOG.warn(
                    "source {} cannot tell whether a user may log in: {}",
                    source.name(),
                    failure == null ? "no answer" : kindOf(failure));
        }
        boolean another = failuresInRow >= FAILURES_MAX || probing;
        if (limited && another) {
            if (!resting) {
                LOG.warn("source {} fails: it is asked again every {} ms", source.name(), REST_MILLIS);
            }
            resting = true;
            probing = false;
            restsUntilNanos = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(REST_MILLIS);
        }
    }

    private static String kindOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null
                ? failure.getClass().getSimpleName()
                : failure.getClass().getSimpleName() + ", " + cause.getClass().getSimpleName();
    }

    private synchronized void succeeded() {
        if (resting) {
            LOG.info("source {} answers again", source.name());
        }
        failuresInRow = 0;
        resting = false;
        probing = false;
    }
}
