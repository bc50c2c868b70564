/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.threads.kernel.system;

/** The loop's own thread. */
public final class GoodLoop {
    public Thread thread(Runnable work) {
        return new Thread(work, "loop");
    }
}
