/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.protocol.ClientIdentity;
import java.util.concurrent.CompletionStage;

/**
 * Somebody who knows passwords. Sources are asked one after the other until one knows the user; their answers are remembered for
 * a while, without the password. Thread-safe.
 */
public interface CredentialSource {

    /** For logs; part of every proof. */
    String name();

    /**
     * Checks a password. Called on a thread that may wait for a while, but not longer than {@link #timeoutMillis}; a source that
     * fails, or is too late, refuses for now, because a source that is down must not shift the decision to the next one.
     *
     * @param password not to be kept, and not to be changed
     */
    CompletionStage<Answer> verify(ClientIdentity client, byte[] password);

    /** What is part of the key under which an answer is remembered: one that changes when the password does. */
    default String revision(ClientIdentity client) {
        return "";
    }

    default long timeoutMillis() {
        return 5_000;
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
     * @param rememberMillis how long it holds without being asked again
     */
    record Answer(Outcome outcome, String proof, long rememberMillis) {
        public static final Answer REFUSED = new Answer(Outcome.REFUSED, "", 0);
        public static final Answer UNKNOWN = new Answer(Outcome.UNKNOWN, "", 0);
        public static final Answer FAILED = new Answer(Outcome.FAILED, "", 0);
    }
}
