/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import io.robustmq.kernel.system.SystemThreads;
import java.util.concurrent.ExecutorService;

/** Where passwords are hashed and sources are asked; closed with the beans. Thread-safe: immutable. */
final class PasswordThreads implements AutoCloseable {
    private static final int THREADS = 2;

    private final ExecutorService pool = SystemThreads.pool("passwords", THREADS);

    ExecutorService pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
