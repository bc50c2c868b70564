/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.random.broker;

import java.util.Random;

/** A seed that nobody prints. */
public final class BadDice {
    public final Random random = new Random();
}
