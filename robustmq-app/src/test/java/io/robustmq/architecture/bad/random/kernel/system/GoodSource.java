/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.random.kernel.system;

import java.util.SplittableRandom;

/** The source that everybody is given. */
public final class GoodSource {
    public final SplittableRandom random = new SplittableRandom();
}
