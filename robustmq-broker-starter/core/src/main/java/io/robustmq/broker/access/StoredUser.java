/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.protocol.ScramSecret;
import io.robustmq.protocol.UserPort;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A user as its document has it. Immutable.
 *
 * @param proof what a client has proven that knew the password; it changes with the hash
 */
record StoredUser(
        String tenant,
        String name,
        boolean superuser,
        String hash,
        @Nullable ScramSecret scram256,
        @Nullable ScramSecret scram512,
        long createdMillis,
        long changedMillis,
        String proof) {
    private static final int PROOF_CHARS = 32;

    StoredUser(
            String tenant,
            String name,
            boolean superuser,
            String hash,
            @Nullable ScramSecret scram256,
            @Nullable ScramSecret scram512,
            long createdMillis,
            long changedMillis) {
        this(tenant, name, superuser, hash, scram256, scram512, createdMillis, changedMillis, proofOf(hash));
    }

    private static String proofOf(String hash) {
        byte[] digest = Passwords.digest("SHA-256", hash.getBytes(StandardCharsets.UTF_8));
        return BuiltInUsers.NAME + ":" + HexFormat.of().formatHex(digest).substring(0, PROOF_CHARS);
    }

    UserPort.User seen() {
        return new UserPort.User(
                tenant, name, superuser, Passwords.kindOf(hash), scram256 != null, createdMillis, changedMillis);
    }

    /** Nothing of the password, not even its hash. */
    @Override
    public String toString() {
        return "StoredUser[" + tenant + "/" + name + "]";
    }
}
