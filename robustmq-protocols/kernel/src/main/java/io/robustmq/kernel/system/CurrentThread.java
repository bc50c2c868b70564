/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.netty.util.internal.ThreadExecutorMap;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import java.util.concurrent.Executor;

/** Where an answer goes back to when its asker did not say. Thread-safe: stateless. */
public final class CurrentThread {

    private CurrentThread() {}

    /**
     * Runs tasks on the loop that calls: the likely one if it is that, else whatever loop of Netty's this thread belongs to.
     * Throws INVALID_REQUEST on a thread that is no loop.
     */
    public static Executor executor(Loop likely) {
        if (likely.inLoop()) {
            return likely::execute;
        }
        Executor executor = ThreadExecutorMap.currentExecutor();
        if (executor == null) {
            throw RmqError.INVALID_REQUEST.exception("an answer can go to a loop only, and this thread is none");
        }
        return executor;
    }
}
