/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.random.broker;

import java.util.concurrent.ThreadLocalRandom;

/** Randomness that depends on the thread. */
public final class BadLocal {
    public int next() {
        return ThreadLocalRandom.current().nextInt();
    }
}
