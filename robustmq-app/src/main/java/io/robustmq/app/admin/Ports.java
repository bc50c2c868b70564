/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.RmqError;
import io.robustmq.node.NodeContext;

/** The ports as they are at the moment of a request: a node that starts, stops or lacks a role has not all. Immutable. */
record Ports(NodeContext node) {

    /** Fails with UNAVAILABLE when nobody offers the port. */
    <T> T get(Class<T> port) {
        return node.find(port)
                .orElseThrow(() -> RmqError.UNAVAILABLE.exception("node "
                        + node.identity().nodeId() + " (roles "
                        + node.identity().roles() + ", phase " + node.state().phase() + ") does not offer "
                        + port.getSimpleName() + ": ask another node, or later"));
    }
}
