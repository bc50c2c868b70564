/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.grpc.Status;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.ErrorKind;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.rpc.meta.Error;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request, repeated across members and leader changes until it is answered or its deadline has passed. Confined to the
 * meta loop, but for {@link #start} and the future.
 */
final class RetryingCall<A> {
    private static final long BACKOFF_MILLIS_MIN = 20;
    private static final long BACKOFF_MILLIS_MAX = 500;

    private final Members members;
    private final Loop loop;
    private final String group;
    private final boolean leaderOnly;
    private final long attemptMillis;
    private final long deadlineNanos;
    private final Function<MetaEndpoint, CompletionStage<A>> call;
    private final Function<A, @Nullable Error> errorOf;
    private final CompletableFuture<A> future = new CompletableFuture<>();
    private int attempt;
    private String last = "no attempt";

    /** @param attemptMillis after this long without an answer the next member is asked */
    RetryingCall(
            Members members,
            Loop loop,
            String group,
            boolean leaderOnly,
            long attemptMillis,
            long timeoutMillis,
            Function<MetaEndpoint, CompletionStage<A>> call,
            Function<A, @Nullable Error> errorOf) {
        this.members = members;
        this.loop = loop;
        this.group = group;
        this.leaderOnly = leaderOnly;
        this.attemptMillis = attemptMillis;
        this.deadlineNanos = loop.clock().nanos() + timeoutMillis * 1_000_000;
        this.call = call;
        this.errorOf = errorOf;
    }

    CompletableFuture<A> start() {
        onLoop(this::attempt);
        return future;
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RmqException closed) {
            future.completeExceptionally(closed);
        }
    }

    private void attempt() {
        if (future.isDone()) {
            return;
        }
        String address = leaderOnly ? members.leaderOrNext(group, attempt) : members.next(attempt);
        int mine = ++attempt;
        Cancellable timer = loop.schedule(
                attemptMillis, () -> answered(mine, address, null, RmqError.TIMED_OUT.exception("no answer")));
        CompletionStage<A> answer;
        try {
            answer = call.apply(members.endpoint(address));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((reply, thrown) -> onLoop(() -> {
            timer.cancel();
            answered(mine, address, reply, thrown);
        }));
    }

    private void answered(int ofAttempt, String address, @Nullable A reply, @Nullable Throwable thrown) {
        if (future.isDone()) {
            return;
        }
        if (thrown != null || reply == null) {
            if (ofAttempt == attempt) {
                members.forgetLeader(group, address);
                retryOrFail(address, exception(thrown), false);
            }
            return;
        }
        Error error = errorOf.apply(reply);
        if (error == null) {
            // Also a late answer of an attempt that was given up: the request id makes them one request.
            future.complete(reply);
        } else if (ofAttempt == attempt) {
            boolean news = redirect(address, error);
            retryOrFail(address, MetaMessages.exception(error), news);
        }
    }

    private boolean redirect(String address, Error error) {
        members.forgetLeader(group, address);
        return leaderOnly
                && !error.getLeader().isEmpty()
                && !error.getLeader().equals(address)
                && members.leaderIs(group, error.getLeader());
    }

    private void retryOrFail(String address, RmqException e, boolean atOnce) {
        ErrorKind kind = e.error().kind();
        if (kind != ErrorKind.RETRY && kind != ErrorKind.OVERLOADED) {
            future.completeExceptionally(e);
            return;
        }
        last = address + ": " + e.getMessage();
        long left = (deadlineNanos - loop.clock().nanos()) / 1_000_000;
        if (left <= 0) {
            future.completeExceptionally(
                    RmqError.TIMED_OUT.exception("the meta service did not answer in time; " + last));
            return;
        }
        long pause = Math.min(BACKOFF_MILLIS_MAX, BACKOFF_MILLIS_MIN << Math.min(attempt, 5));
        if (atOnce) {
            onLoop(this::attempt);
        } else {
            loop.schedule(Math.min(pause, left), this::attempt);
        }
    }

    /** What a failed call means for the caller; a lost connection may always be tried again. */
    static RmqException exception(@Nullable Throwable thrown) {
        Throwable cause = thrown == null ? null : RmqException.causeOf(thrown);
        if (cause instanceof RmqException rmq) {
            return rmq;
        }
        if (cause instanceof IllegalStateException) {
            return RmqError.CLOSED.exception("the meta client is closed");
        }
        Status status = cause == null ? Status.UNKNOWN : Status.fromThrowable(cause);
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNIMPLEMENTED ->
                // UNIMPLEMENTED: the inner port is open, but its meta role has not started yet.
                RmqError.UNAVAILABLE.exception(status.getCode() + ": " + status.getDescription());
            case RESOURCE_EXHAUSTED -> RmqError.PAYLOAD_TOO_LARGE.exception(String.valueOf(status.getDescription()));
            default -> new RmqException(RmqError.INTERNAL, String.valueOf(cause), cause);
        };
    }
}
