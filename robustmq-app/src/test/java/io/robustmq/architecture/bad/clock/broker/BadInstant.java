/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.clock.broker;

import java.time.Clock;
import java.time.Instant;

/** The same question in java.time. */
public final class BadInstant {
    public Instant now() {
        return Clock.systemUTC().instant();
    }

    public Instant again() {
        return Instant.now();
    }
}
