/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

/** What an engine promises; the conformance suite asserts it or its opposite. */
public enum Capability {
    /** What was acknowledged with FSYNC is there after a crash. */
    DURABLE,
    /** Survives the loss of a node. */
    REPLICATED,
    /** Reads hand out file regions or shared buffers. */
    ZERO_COPY_READ,
    /** Another node can open the shard. */
    MOVABLE,
    /** Other nodes can read sealed parts. */
    SHARED_READ
}
