/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node that may be asked. Immutable.
 *
 * @param address host:port of its inner port; null for the node that asks, and where nobody knows one
 */
public record Peer(int id, @Nullable String address, Set<String> roles) {
    static final String BROKER = "broker";

    public Peer {
        roles = Set.copyOf(roles);
    }

    boolean broker() {
        return roles.contains(BROKER);
    }
}
