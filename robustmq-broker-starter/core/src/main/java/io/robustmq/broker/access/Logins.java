/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.Admission;
import io.robustmq.protocol.Admission.Verdict;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a name and a password to yes or no: what is remembered, else the sources one after the other. Thread-safe.
 */
final class Logins {
    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    static final int NAME_CHARS_MAX = 256;

    /** Tokens with many claims are longer than what anybody types. */
    static final int CREDENTIAL_BYTES_MAX = 16 * 1024;

    static final int GRANTED_RULES_MAX = 1_000;
    private static final byte[] NO_PASSWORD = {};

    private final AccessConfig config;
    private final AccessBook book;
    private final Clock clock;
    private final VerifiedCredentials verified;
    private final LoginGuard guard;
    private final SourceChain chain;
    private final boolean anyOthers;
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile @Nullable Loop timers;

    Logins(
            AccessConfig config,
            AccessBook book,
            Clock clock,
            RandomSource random,
            Executor passwords,
            SourceChain.Wanted wanted) {
        this.config = config;
        this.book = book;
        this.clock = clock;
        this.verified = new VerifiedCredentials(config.credentialsMax(), clock, random);
        this.guard = new LoginGuard(config.failuresMax(), clock);
        this.chain = new SourceChain(new BuiltInUsers(book::user, random), wanted, passwords, clock);
        this.anyOthers = !wanted.others().isEmpty();
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

    SourceChain chain() {
        return chain;
    }

    CompletionStage<Admission> admit(ClientIdentity client, byte @Nullable [] password, AccessControl.State state) {
        String user = client.userName();
        if (book.bans().holds(client, clock.millis())) {
            return answer(Admission.refused(Verdict.BANNED));
        }
        if (state.open() || client.certified()) {
            return answer(proven(client));
        }
        boolean saysNothing = user == null && (password == null || password.length == 0 || !anyOthers);
        // Without users and sources nobody could check it: the name is what the client says, and rules are about that.
        boolean nobodyAsks = book.userCount() == 0 && !anyOthers;
        if (saysNothing || nobodyAsks) {
            Verdict refusal = saysNothing ? Verdict.NOT_AUTHORIZED : Verdict.BAD_CREDENTIALS;
            return answer(state.anonymousAllowed() ? Admission.ALLOWED : Admission.refused(refusal));
        }
        byte[] secret = password == null ? NO_PASSWORD : password;
        boolean nameMayDo = user != null && chain.readsUserName() && user.length() <= CREDENTIAL_BYTES_MAX;
        boolean possible = secret.length <= CREDENTIAL_BYTES_MAX
                && (nameMayDo || secret.length > 0 && (user == null || user.length() <= NAME_CHARS_MAX));
        if (!possible) {
            return answer(Admission.refused(Verdict.BAD_CREDENTIALS));
        }
        boolean plain = secret.length > 0 && (user == null || user.length() <= NAME_CHARS_MAX);
        return check(client, secret, plain ? "password" : "name", each -> plain || each.readsUserName());
    }

    /** One whose token says who it is. */
    CompletionStage<Admission> admitToken(ClientIdentity client, byte[] token) {
        if (book.bans().holds(client, clock.millis())) {
            return answer(Admission.refused(Verdict.BANNED));
        }
        if (token.length == 0 || token.length > CREDENTIAL_BYTES_MAX) {
            return refuse(client);
        }
        return check(client, token, "token", CredentialSource::takesTokens);
    }

    /** @param kind of what is checked, since not every kind is for all sources */
    private CompletionStage<Admission> check(
            ClientIdentity client, byte[] secret, String kind, Predicate<CredentialSource> meant) {
        String user = client.userName() == null ? "" : client.userName();
        ByteBuffer credential = verified.keyOf(client.tenant(), user, kind + chain.revision(client), secret);
        VerifiedCredentials.Known known = verified.find(credential);
        if (known != null) {
            return answer(letIn(client, known.proof(), known.grants()));
        }
        ClientIdentity counted =
                kind.equals("password") && client.userName() != null ? client : named(client, credential);
        if (guard.refuses(counted)) {
            return answer(Admission.refused(Verdict.BUSY));
        }
        if (attempts.incrementAndGet() > config.attemptsMax()) {
            attempts.decrementAndGet();
            return answer(Admission.refused(Verdict.BUSY));
        }
        CompletableFuture<Admission> result = new CompletableFuture<>();
        chain.ask(
                client,
                secret,
                timers,
                meant,
                (by, said) -> finish(client, counted, credential, by == null ? said : checked(by, said), result));
        return result;
    }

    /** Who says no name is told apart by what he shows: one bad token shuts out nobody else behind the same address. */
    private static ClientIdentity named(ClientIdentity client, ByteBuffer credential) {
        String name = "token " + Long.toHexString(credential.getLong(0));
        return client.with(Grants.builder().userName(name).build());
    }

    /** Nobody gets in as somebody that stays outside. */
    private Admission letIn(ClientIdentity client, String proof, Grants grants) {
        Admission admission = new Admission(Verdict.ALLOWED, proof, grants);
        boolean renamed = grants.userName() != null || grants.tenant() != null;
        return renamed && book.bans().holds(admission.of(client), clock.millis())
                ? Admission.refused(Verdict.BANNED)
                : admission;
    }

    /** What the cluster's users would not be, a source must not be by mistake: it vouches in its own name, for what can be. */
    private Answer checked(CredentialSource by, Answer said) {
        if (said.outcome() != Outcome.ACCEPTED || by instanceof BuiltInUsers) {
            return said;
        }
        Grants grants = said.grants() == Grants.NONE ? Grants.builder().build() : said.grants();
        if (grants.expiresAtMillis() <= clock.millis()) {
            return Answer.REFUSED;
        }
        try {
            grants.rules().forEach(CompiledRule::new);
        } catch (RmqException e) {
            LOG.warn("source {} grants what is no rule: the user is not let in", by.name());
            return Answer.FAILED;
        }
        if (grants.rules().size() > GRANTED_RULES_MAX) {
            LOG.warn("source {} grants more than {} rules: the user is not let in", by.name(), GRANTED_RULES_MAX);
            return Answer.FAILED;
        }
        String begin = by.name() + ':';
        String proof = said.proof().startsWith(begin) ? said.proof() : begin + said.proof();
        return Answer.accepted(proof, said.rememberMillis(), grants);
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
        finish(client, client, ByteBuffer.allocate(0), Answer.REFUSED, result);
        return result;
    }

    /** One who needs no password any more. */
    Admission proven(ClientIdentity client) {
        String name = client.userName();
        StoredUser user = name == null || client.certified() ? null : book.user(client.tenant(), name);
        return user == null ? Admission.ALLOWED : new Admission(Verdict.ALLOWED, user.proof());
    }

    /** @param counted as whom the guard knows it */
    private void finish(
            ClientIdentity client,
            ClientIdentity counted,
            ByteBuffer credential,
            Answer answer,
            CompletableFuture<Admission> result) {
        switch (answer.outcome()) {
            case ACCEPTED -> {
                attempts.decrementAndGet();
                guard.succeeded(counted);
                verified.remember(credential, answer);
                result.complete(letIn(client, answer.proof(), answer.grants()));
            }
            case FAILED -> {
                attempts.decrementAndGet();
                result.complete(Admission.refused(Verdict.BUSY));
            }
            case REFUSED, UNKNOWN -> {
                long delayMillis = guard.failed(counted);
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
