/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

/**
 * What a program shows instead of a password. Immutable.
 *
 * @param id names it in listings; the first part of the token itself
 * @param secretHash SHA-256 of the second part, in hexadecimal digits
 * @param expiresMillis 0 for never
 */
public record ApiToken(
        String id,
        String description,
        AdminRole role,
        String secretHash,
        String createdBy,
        long createdMillis,
        long expiresMillis) {

    public boolean expired(long nowMillis) {
        return expiresMillis != 0 && nowMillis >= expiresMillis;
    }

    @Override
    public String toString() {
        return "ApiToken[" + id + ", " + role.key() + "]";
    }
}
