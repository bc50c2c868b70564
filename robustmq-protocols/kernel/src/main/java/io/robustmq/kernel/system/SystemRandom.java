/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.robustmq.kernel.RandomSource;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fast random numbers for jitter and sampling; bytes and UUIDs, which become ids that strangers must not guess, come from
 * the secure generator. Thread-safe.
 */
public final class SystemRandom implements RandomSource {
    public static final SystemRandom INSTANCE = new SystemRandom();

    private final SecureRandom secure = new SecureRandom();

    private SystemRandom() {}

    @Override
    public long nextLong() {
        return ThreadLocalRandom.current().nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        secure.nextBytes(bytes);
    }

    @Override
    public java.util.UUID nextUuid() {
        return java.util.UUID.randomUUID();
    }
}
