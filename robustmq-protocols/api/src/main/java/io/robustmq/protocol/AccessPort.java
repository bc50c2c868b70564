/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.subject.Subjects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who may connect and do what. Thread-safe; decisions about subjects must not block. */
public interface AccessPort {

    /** Decides a connection attempt; never fails, an unreachable source is a refusal. */
    CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password);

    /** As {@link #connect}, and says why not. Never fails. The password is the caller's again when it completes. */
    default CompletionStage<Admission> admit(ClientIdentity client, byte @Nullable [] password) {
        return connect(client, password)
                .thenApply(
                        allowed -> allowed ? Admission.ALLOWED : Admission.refused(Admission.Verdict.BAD_CREDENTIALS));
    }

    /**
     * What is kept of a user's password for SCRAM; null when there is no such user, or nothing is kept.
     *
     * @param mechanism {@code SCRAM-SHA-256} or {@code SCRAM-SHA-512}
     */
    default @Nullable ScramSecret scram(String tenant, String userName, String mechanism) {
        return null;
    }

    /** The same as {@link #admit} for a client that has proven to know its user's password. Never fails. */
    default CompletionStage<Admission> admitProven(ClientIdentity client) {
        return CompletableFuture.completedStage(Admission.ALLOWED);
    }

    /** For a client that has failed to prove it: counts as a wrong password, and is answered as late. Never fails. */
    default CompletionStage<Admission> refuseUnproven(ClientIdentity client) {
        return CompletableFuture.completedStage(Admission.refused(Admission.Verdict.BAD_CREDENTIALS));
    }

    /** Whether there is somebody who reads tokens of OAuth; whoever offers to take some asks first. */
    default boolean takesTokens() {
        return false;
    }

    /**
     * The same as {@link #admit} for a client whose token says who it is; its user name is null until then. Never fails. The
     * token is the caller's again when it completes.
     */
    default CompletionStage<Admission> admitToken(ClientIdentity client, byte[] token) {
        return refuseUnproven(client);
    }

    /** @param canonicalSubject dot spelling */
    boolean mayPublish(ClientIdentity client, String canonicalSubject);

    /** @param canonicalFilter dot spelling, wildcards of its protocol */
    boolean maySubscribe(ClientIdentity client, String canonicalFilter);

    /** What the client may do, for one connection that asks often; compiled again when rules change. */
    default ClientAccess open(ClientIdentity client) {
        AccessPort port = this;
        return new ClientAccess() {
            @Override
            public boolean mayPublish(String canonicalSubject, int qos, boolean retain) {
                return port.mayPublish(client, canonicalSubject);
            }

            @Override
            public boolean maySubscribe(String canonicalFilter, int qos) {
                return port.maySubscribe(client, canonicalFilter);
            }
        };
    }

    /**
     * Tells a connection that was let in what changes about it, until the registration is cancelled.
     *
     * @param client who it is since then: {@link Admission#of}
     */
    default Cancellable attend(ClientIdentity client, Admission admission, AccessListener listener) {
        return () -> {};
    }

    /** For what is neither a publish nor a subscription; without rules of its own, whoever may write a topic may change it. */
    default boolean may(ClientIdentity client, AccessRule.Action action, AccessRule.Resource resource, String name) {
        return resource != AccessRule.Resource.SUBJECT || mayPublish(client, Subjects.canonical(name));
    }

    /** The rules, where there are some; null where somebody else decides. */
    default @Nullable AclPort acls() {
        return null;
    }

    /** Whether the client may see the group of consumers, take part in it, and change its offsets. */
    default boolean mayUseGroup(ClientIdentity client, String group) {
        return true;
    }

    /**
     * A client is answered that it may not do what it has asked for; what is asked only to know what to show is none of that.
     * Decisions of {@link #open} are counted without this.
     */
    default void denied(ClientIdentity client) {}

    /** Whether everything is allowed to everybody; said in log and health. */
    boolean allowsAll();
}
