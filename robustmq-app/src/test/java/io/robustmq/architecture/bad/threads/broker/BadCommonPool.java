/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.threads.broker;

import java.util.concurrent.CompletableFuture;

/** Runs wherever the library likes. */
public final class BadCommonPool {
    public CompletableFuture<Void> run(Runnable work) {
        return CompletableFuture.runAsync(work);
    }
}
