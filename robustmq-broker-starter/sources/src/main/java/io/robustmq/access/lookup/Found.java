/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

/**
 * What a directory knows of a user. Immutable.
 *
 * @param salt empty where the hash has its own
 */
public record Found(String hash, String salt, boolean superuser) {
    @Override
    public String toString() {
        return "Found[superuser=" + superuser + "]";
    }
}
