/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.threads.broker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Owns a pool. */
public final class BadPool {
    public ExecutorService pool() {
        return Executors.newFixedThreadPool(2);
    }
}
