/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.clock.broker;

/** Asks the machine for the time. */
public final class BadMillis {
    public long now() {
        return System.currentTimeMillis();
    }
}
