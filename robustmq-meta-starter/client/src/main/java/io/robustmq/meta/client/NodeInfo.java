/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.NodeId;
import java.util.Map;
import java.util.Set;

/**
 * A registered node. Immutable.
 *
 * @param incarnation differs for each start of the process
 * @param listeners advertised addresses by listener name ({@code mqtt-tcp} to {@code host:port})
 */
public record NodeInfo(
        NodeId id,
        long incarnation,
        Set<String> roles,
        String rpcAddress,
        Map<String, String> listeners,
        boolean alive) {

    public NodeInfo {
        roles = Set.copyOf(roles);
        listeners = Map.copyOf(listeners);
    }
}
