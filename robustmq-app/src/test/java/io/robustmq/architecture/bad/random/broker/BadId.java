/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.random.broker;

import java.util.UUID;

/** An id that no simulation can replay. */
public final class BadId {
    public String next() {
        return UUID.randomUUID().toString();
    }
}
