/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

/** Where a node is between its first line and its last one, in order. */
public enum NodePhase {
    CONFIGURATION,
    INNER_RPC,
    META,
    JOURNAL,
    BROKER,
    LISTENERS,
    READY,
    STOPPING
}
