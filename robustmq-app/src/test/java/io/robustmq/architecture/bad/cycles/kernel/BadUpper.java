/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.cycles.kernel;

import io.robustmq.architecture.bad.cycles.kernel.record.BadLower;

/** Uses the package that uses it. */
public final class BadUpper {
    public BadLower lower() {
        return new BadLower();
    }
}
