/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.clock.kernel.system;

/** The one place that asks the machine. */
public final class GoodClock {
    public long nanos() {
        return System.nanoTime();
    }
}
