/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/** The only source of time in core code. Implementations are thread-safe. */
public interface Clock {

    /** Wall clock, milliseconds since the epoch; may step when the operator sets the clock. */
    long millis();

    /** Monotonic nanoseconds from an arbitrary origin; only differences mean something. */
    long nanos();
}
