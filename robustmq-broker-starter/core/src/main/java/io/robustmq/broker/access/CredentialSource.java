/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.util.concurrent.CompletionStage;

/**
 * Somebody who knows passwords. Sources are asked one after the other until one knows the user; their answers are remembered for
 * a while, without the password. Thread-safe.
 */
public interface CredentialSource {

    /** For logs, metrics and the configured order; part of every proof. */
    String name();

    /**
     * Checks a password. Called on a thread of this source's own, that may wait for a while, but not longer than
     * {@link #timeoutMillis}; a source that fails, or is too late, refuses for now, because a source that is down must not shift
     * the decision to the next one, unless {@link #passesOnFailure} says so. Of a failure only its kind is logged.
     *
     * @param client its user name is null when the client says none, and for tokens
     * @param password not to be kept, and not to be changed
     */
    CompletionStage<Answer> verify(ClientIdentity client, byte[] password);

    /**
     * What is part of the key under which an answer is remembered, beside tenant, user and password: all of the client that the
     * answer depends on, and what changes when the password does.
     */
    default String revision(ClientIdentity client) {
        return client.protocol() + ' ' + client.remoteAddress() + ' ' + client.certificate() + ' ' + client.clientId();
    }

    default long timeoutMillis() {
        return 5_000;
    }

    /** How many log-ins may be with the source at a time; some more wait, others are told to come later. */
    default int concurrencyMax() {
        return 8;
    }

    /** Whether the next source is asked when this one cannot tell. Then whoever can silence it chooses who decides. */
    default boolean passesOnFailure() {
        return false;
    }

    /** Whether it reads tokens: it is asked where a protocol has a token instead of a name and a password. */
    default boolean takesTokens() {
        return false;
    }

    /** Whether what it reads may stand in the place of the user name, which is a secret then and needs no password. */
    default boolean readsUserName() {
        return false;
    }

    /**
     * Whether its answer depends on {@link ClientIdentity#tenant}, which may be what the client says. One that knows nothing of
     * tenants is asked about clients of the default one only: else its users were at home in all of them.
     */
    default boolean knowsTenants() {
        return false;
    }

    /** What a source says. */
    enum Outcome {
        ACCEPTED,
        /** It knows the user, and this is not the password. */
        REFUSED,
        /** It does not know the user: ask the next one. */
        UNKNOWN,
        /** It cannot tell now. */
        FAILED
    }

    /**
     * See {@link #verify}. Immutable.
     *
     * @param proof empty, or what changes when the password does
     * @param rememberMillis how long it holds without being asked again; not beyond the end of what is granted
     * @param grants what the log-in brings; one of its own for each answer
     */
    record Answer(Outcome outcome, String proof, long rememberMillis, Grants grants) {
        public static final Answer REFUSED = new Answer(Outcome.REFUSED, "", 0);
        public static final Answer UNKNOWN = new Answer(Outcome.UNKNOWN, "", 0);
        public static final Answer FAILED = new Answer(Outcome.FAILED, "", 0);

        /** One that grants nothing. */
        public Answer(Outcome outcome, String proof, long rememberMillis) {
            this(outcome, proof, rememberMillis, Grants.NONE);
        }

        public static Answer accepted(String proof, long rememberMillis, Grants grants) {
            return new Answer(Outcome.ACCEPTED, proof, rememberMillis, grants);
        }
    }
}
