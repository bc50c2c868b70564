/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import io.robustmq.node.StartRefusedException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node's part in the meta service. Immutable.
 *
 * @param dataDir the node's data directory; meta keeps to {@code meta/} below it
 * @param members inner {@code host:port} of all members by node id, this node included
 * @param leaseMillis a node that sent no heartbeat for so long is expired
 */
public record MetaServerConfig(
        String clusterName, int nodeId, Path dataDir, Map<Integer, String> members, long leaseMillis) {
    public static final long DEFAULT_LEASE_MILLIS = 3000;

    public MetaServerConfig {
        members = Collections.unmodifiableMap(new TreeMap<>(members));
        if (!members.containsKey(nodeId)) {
            throw new StartRefusedException(
                    "Node " + nodeId + " has the role meta, but robustmq.meta.addresses names only nodes "
                            + members.keySet() + ".",
                    "Add robustmq.meta.addresses." + nodeId
                            + ", or set robustmq.node-id, or take meta out of robustmq.roles.");
        }
    }

    public String ownAddress() {
        return members.get(nodeId);
    }
}
