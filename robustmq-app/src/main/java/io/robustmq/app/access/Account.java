/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

/**
 * A person or a program with a password. Immutable.
 *
 * @param passwordHash never the password
 */
public record Account(String name, AdminRole role, String passwordHash, long createdMillis) {
    @Override
    public String toString() {
        return "Account[" + name + ", " + role.key() + "]";
    }
}
