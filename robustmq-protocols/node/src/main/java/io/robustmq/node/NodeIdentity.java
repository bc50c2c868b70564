/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import io.robustmq.kernel.NodeId;
import java.util.Set;

/**
 * Who this node is. Immutable.
 *
 * @param clusterName the cluster that it belongs to
 * @param nodeId its number in the cluster
 * @param roles what it does
 */
public record NodeIdentity(String clusterName, NodeId nodeId, Set<Role> roles) {
    public NodeIdentity {
        roles = Set.copyOf(roles);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }
}
