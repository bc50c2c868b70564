/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.cycles.kernel.record;

import io.robustmq.architecture.bad.cycles.kernel.BadUpper;

/** Uses the package that uses it. */
public final class BadLower {
    public BadUpper upper() {
        return new BadUpper();
    }
}
