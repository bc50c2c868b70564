/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The users that the cluster knows itself. Passwords go in and never come out. Thread-safe. */
public interface UserPort {

    /** By name; of at most {@code limit} users after {@code after}. */
    List<User> users(String tenant, @Nullable String after, int limit);

    @Nullable
    User user(String tenant, String name);

    int count(String tenant);

    /** Fails with TOPIC_EXISTS when there is one of that name, INVALID_NAME, INVALID_CONFIG for an empty password, QUOTA_EXCEEDED. */
    CompletionStage<User> addUser(String tenant, String name, byte[] password, boolean superuser);

    /**
     * One whose password is known as a hash only: {@code $argon2id$}, {@code $2b$}, {@code $pbkdf2-sha512$}, {@code $6$}, {@code $7$}.
     * It cannot use SCRAM before its password is set. Fails as {@link #addUser}, and with INVALID_CONFIG for a hash of another kind.
     */
    CompletionStage<User> importUser(String tenant, String name, String hash, boolean superuser);

    /** Another password; fails with NOT_FOUND. */
    CompletionStage<User> changePassword(String tenant, String name, byte[] password);

    /** Fails with NOT_FOUND. */
    CompletionStage<Void> deleteUser(String tenant, String name);

    /**
     * A user. Immutable.
     *
     * @param superuser may do everything, whatever rules say
     * @param hash kind of what is kept of the password, {@code argon2id} for one that was set here
     * @param scram whether the user can log in with SCRAM
     */
    record User(
            String tenant,
            String name,
            boolean superuser,
            String hash,
            boolean scram,
            long createdMillis,
            long changedMillis) {}
}
