/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.threads.broker;

/** Starts a thread that no loop knows. */
public final class BadWorker {
    public void start(Runnable work) {
        new Thread(work).start();
    }
}
