/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.RandomSource;
import io.robustmq.protocol.ClientIdentity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The users of the cluster's documents. Thread-safe: immutable but for its place, which is said before it is asked. */
final class BuiltInUsers implements CredentialSource {
    static final String NAME = "users";
    static final int PASSWORD_BYTES_MAX = 1024;

    private final BiFunction<String, String, @Nullable StoredUser> users;
    /** Checked for users that are not there, so that time does not tell which are. */
    private final String nobody;

    private volatile boolean last = true;

    BuiltInUsers(BiFunction<String, String, @Nullable StoredUser> users, RandomSource random) {
        this.users = users;
        this.nobody = Passwords.hashOfNobody(random);
    }

    /** When others are asked behind it, how long they take says which users are here anyway, and a hash would only be work. */
    void isLast(boolean isIt) {
        last = isIt;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean knowsTenants() {
        return true;
    }

    @Override
    public CompletionStage<Answer> verify(ClientIdentity client, byte[] password) {
        StoredUser user = find(client);
        if (user == null && !last) {
            return CompletableFuture.completedStage(Answer.UNKNOWN);
        }
        if (password.length > PASSWORD_BYTES_MAX) {
            return CompletableFuture.completedStage(user == null ? Answer.UNKNOWN : Answer.REFUSED);
        }
        boolean right = Passwords.matches(user == null ? nobody : user.hash(), password);
        if (user == null) {
            return CompletableFuture.completedStage(Answer.UNKNOWN);
        }
        return CompletableFuture.completedStage(
                right ? new Answer(Outcome.ACCEPTED, user.proof(), Long.MAX_VALUE) : Answer.REFUSED);
    }

    @Override
    public String revision(ClientIdentity client) {
        StoredUser user = find(client);
        return user == null ? "" : user.proof();
    }

    private @Nullable StoredUser find(ClientIdentity client) {
        String name = client.userName();
        return name == null ? null : users.apply(client.tenant(), name);
    }
}
