/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.clock.broker;

import java.util.function.LongSupplier;

/** Passes the machine's clock on as a method reference. */
public final class BadReference {
    public final LongSupplier ticker = System::nanoTime;
}
