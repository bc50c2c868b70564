/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.sim.SimScheduler;
import java.nio.charset.StandardCharsets;

class BuiltInUsersTest extends CredentialSourceContract {
    private final RandomSource random = new SimScheduler(3).random("users");

    @Override
    protected CredentialSource sourceOf(String password) {
        String hash = Passwords.hash(password.getBytes(StandardCharsets.UTF_8), random);
        StoredUser ann = new StoredUser("default", "ann", false, hash, null, null, 0, 0);
        return new BuiltInUsers((tenant, name) -> name.equals("ann") ? ann : null, random);
    }
}
