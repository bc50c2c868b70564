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
import io.robustmq.kernel.RandomSource;
import io.robustmq.protocol.Admission;
import io.robustmq.protocol.Admission.Verdict;
import io.robustmq.protocol.ClientIdentity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a name and a password to yes or no: what is remembered, else the sources one after the other, on threads that may wait.
 * Thread-safe.
 */
final class Logins {
    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    static final int NAME_CHARS_MAX = 256;
    static final int PASSWORD_BYTES_MAX = 1024;

    private final AccessConfig config;
    private final AccessBook book;
    private final Executor passwords;
    private final Clock clock;
    private final VerifiedCredentials verified;
    private final LoginGuard guard;
    private final BuiltInUsers users;
    private final List<CredentialSource> sources = new ArrayList<>();
    private final boolean anyOthers;
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile @Nullable Loop timers;

    Logins(
            AccessConfig config,
            AccessBook book,
            Clock clock,
            RandomSource random,
            Executor passwords,
            List<CredentialSource> others) {
        this.config = config;
        this.book = book;
        this.passwords = passwords;
        this.clock = clock;
        this.verified = new VerifiedCredentials(config.credentialsMax(), clock, random);
        this.guard = new LoginGuard(config.failuresMax(), clock);
        this.users = new BuiltInUsers(book::user, random);
        this.anyOthers = !others.isEmpty();
        sources.add(users);
        sources.addAll(others);
    }

    void open(Loop loop) {
        timers = loop;
    }

    LoginGuard guard() {
        return guard;
    }

    long remembered() {
        return verified.hits.sum();
    }

    CompletionStage<Admission> admit(ClientIdentity client, byte @Nullable [] password, AccessControl.State state) {
        String user = client.userName();
        if (book.bans().holds(client, clock.millis())) {
            return answer(Admission.refused(Verdict.BANNED));
        }
        if (state.open() || client.certified()) {
            return answer(proven(client));
        }
        if (user == null) {
            return answer(state.anonymousAllowed() ? Admission.ALLOWED : Admission.refused(Verdict.NOT_AUTHORIZED));
        }
        if (book.userCount() == 0 && !anyOthers) {
            // Nobody could check it: the name is what the client says, and rules are about what it says.
            return answer(state.anonymousAllowed() ? Admission.ALLOWED : Admission.refused(Verdict.BAD_CREDENTIALS));
        }
        boolean possible = password != null
                && password.length > 0
                && password.length <= PASSWORD_BYTES_MAX
                && user.length() <= NAME_CHARS_MAX;
        if (!possible) {
            return answer(Admission.refused(Verdict.BAD_CREDENTIALS));
        }
        ByteBuffer credential = verified.keyOf(client.tenant(), user, users.revision(client), password);
        String known = verified.find(credential);
        if (known != null) {
            return answer(new Admission(Verdict.ALLOWED, known));
        }
        if (guard.refuses(client)) {
            return answer(Admission.refused(Verdict.BUSY));
        }
        if (attempts.incrementAndGet() > config.attemptsMax()) {
            attempts.decrementAndGet();
            return answer(Admission.refused(Verdict.BUSY));
        }
        CompletableFuture<Admission> result = new CompletableFuture<>();
        passwords.execute(() -> ask(client, password, 0, answer -> finish(client, credential, answer, result)));
        return result;
    }

    private static CompletionStage<Admission> answer(Admission admission) {
        return CompletableFuture.completedStage(admission);
    }

    CompletionStage<Admission> admitProven(ClientIdentity client) {
        if (book.bans().holds(client, clock.millis())) {
            return answer(Admission.refused(Verdict.BANNED));
        }
        if (guard.refuses(client)) {
            return answer(Admission.refused(Verdict.BUSY));
        }
        guard.succeeded(client);
        return answer(proven(client));
    }

    /** A wrong password, told as late as the guard wants. */
    CompletionStage<Admission> refuse(ClientIdentity client) {
        if (guard.refuses(client)) {
            return answer(Admission.refused(Verdict.BUSY));
        }
        CompletableFuture<Admission> result = new CompletableFuture<>();
        attempts.incrementAndGet();
        finish(client, ByteBuffer.allocate(0), Answer.REFUSED, result);
        return result;
    }

    /** One who needs no password any more. */
    Admission proven(ClientIdentity client) {
        String name = client.userName();
        StoredUser user = name == null || client.certified() ? null : book.user(client.tenant(), name);
        return user == null ? Admission.ALLOWED : new Admission(Verdict.ALLOWED, user.proof());
    }

    @FunctionalInterface
    private interface Told {
        void answer(Answer answer);
    }

    private void ask(ClientIdentity client, byte[] password, int index, Told told) {
        if (index == sources.size()) {
            told.answer(Answer.REFUSED);
            return;
        }
        CredentialSource source = sources.get(index);
        CompletableFuture<Answer> asked;
        try {
            asked = source.verify(client, password).toCompletableFuture().copy();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        Cancellable late = lateAfter(source, asked);
        asked.whenComplete((answer, failure) -> {
            late.cancel();
            if (failure != null) {
                // Of the failure only its kind: what a source puts into a message may have the password in it.
                LOG.warn(
                        "source {} cannot tell whether a user may log in: {}",
                        source.name(),
                        failure.getClass().getSimpleName());
                told.answer(Answer.FAILED);
            } else if (answer.outcome() == Outcome.UNKNOWN) {
                passwords.execute(() -> ask(client, password, index + 1, told));
            } else {
                told.answer(answer);
            }
        });
    }

    private Cancellable lateAfter(CredentialSource source, CompletableFuture<Answer> asked) {
        Loop loop = timers;
        if (loop == null || asked.isDone()) {
            return () -> {};
        }
        return loop.schedule(source.timeoutMillis(), () -> asked.complete(Answer.FAILED));
    }

    private void finish(
            ClientIdentity client, ByteBuffer credential, Answer answer, CompletableFuture<Admission> result) {
        switch (answer.outcome()) {
            case ACCEPTED -> {
                attempts.decrementAndGet();
                guard.succeeded(client);
                verified.remember(credential, answer.proof(), answer.rememberMillis());
                result.complete(new Admission(Verdict.ALLOWED, answer.proof()));
            }
            case FAILED -> {
                attempts.decrementAndGet();
                result.complete(Admission.refused(Verdict.BUSY));
            }
            case REFUSED, UNKNOWN -> {
                long delayMillis = guard.failed(client);
                Runnable tell = () -> {
                    attempts.decrementAndGet();
                    result.complete(Admission.refused(Verdict.BAD_CREDENTIALS));
                };
                Loop loop = timers;
                if (loop == null || delayMillis == 0) {
                    tell.run();
                } else {
                    loop.schedule(delayMillis, tell);
                }
            }
        }
    }
}
