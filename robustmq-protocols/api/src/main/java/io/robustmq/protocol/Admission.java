/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/**
 * The answer to a connection attempt. Immutable.
 *
 * @param proof what the client has proven, in a form that gives nothing away; it changes with the password
 * @param grants what the log-in brings
 */
public record Admission(Verdict verdict, String proof, Grants grants) {
    /** Let in without having proven anything. */
    public static final Admission ALLOWED = new Admission(Verdict.ALLOWED, "");

    /** What a protocol has a code of its own for. */
    public enum Verdict {
        ALLOWED,
        /** No such user, or another password. */
        BAD_CREDENTIALS,
        /** Who says no name is not let in, or nobody from there is. */
        NOT_AUTHORIZED,
        /** On the list of those who stay outside. */
        BANNED,
        /** Too many attempts at once, or a source that does not answer: later, perhaps. */
        BUSY
    }

    /** One that brings nothing. */
    public Admission(Verdict verdict, String proof) {
        this(verdict, proof, Grants.NONE);
    }

    /** Who the client is now: what rules are asked about, and everything that is done is done as. */
    public ClientIdentity of(ClientIdentity client) {
        return grants == Grants.NONE ? client : client.with(grants);
    }

    public static Admission refused(Verdict verdict) {
        return new Admission(verdict, "");
    }

    public boolean allowed() {
        return verdict == Verdict.ALLOWED;
    }
}
