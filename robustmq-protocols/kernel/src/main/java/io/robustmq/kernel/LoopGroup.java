/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/** The fixed set of loops of a node. Immutable. */
public interface LoopGroup {

    /** How many loops there are; their indexes are 0 to size - 1. */
    int size();

    Loop get(int index);

    /** The loop that the caller runs on, or null on a foreign thread. */
    @org.jspecify.annotations.Nullable
    Loop current();
}
