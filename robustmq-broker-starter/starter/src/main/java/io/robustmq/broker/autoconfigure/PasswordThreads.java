/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import io.robustmq.broker.access.CredentialSource;
import io.robustmq.kernel.system.SystemThreads;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;

/** Where passwords are hashed, and sources are asked, each on its own threads; closed with the beans. Thread-safe. */
final class PasswordThreads implements AutoCloseable {
    private static final int THREADS = 2;

    private final ExecutorService pool = SystemThreads.pool("passwords", THREADS);

    private final List<ExecutorService> ofSources = new CopyOnWriteArrayList<>();

    ExecutorService pool() {
        return pool;
    }

    /** Threads that are there while there is something to ask; asked for once by each source. */
    ExecutorService poolOf(CredentialSource source) {
        ExecutorService own = SystemThreads.pool("source-" + source.name(), source.concurrencyMax());
        ofSources.add(own);
        return own;
    }

    @Override
    public void close() {
        pool.shutdownNow();
        ofSources.forEach(ExecutorService::shutdownNow);
    }
}
