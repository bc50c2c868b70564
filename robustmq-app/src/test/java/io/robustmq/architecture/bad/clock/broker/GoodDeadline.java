/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.clock.broker;

import java.time.Instant;

/** Computes with times that came from outside. */
public final class GoodDeadline {
    public Instant after(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).plusSeconds(1);
    }
}
