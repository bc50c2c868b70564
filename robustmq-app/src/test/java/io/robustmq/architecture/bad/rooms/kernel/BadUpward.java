/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.rooms.kernel;

import io.robustmq.architecture.bad.rooms.broker.Owner;

/** A kernel that knows the broker. */
public final class BadUpward {
    public Owner owner() {
        return new Owner();
    }
}
