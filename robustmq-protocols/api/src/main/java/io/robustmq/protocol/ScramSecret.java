/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/**
 * What a server keeps of a password for SCRAM (RFC 5802): enough to check a proof, not enough to make one. Immutable; the arrays
 * are not to be changed.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record ScramSecret(byte[] salt, byte[] storedKey, byte[] serverKey, int iterations) {
    @Override
    public String toString() {
        return "ScramSecret[iterations=" + iterations + "]";
    }
}
