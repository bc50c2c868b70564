/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.util.Endpoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the members are reached now. In raft's own configuration a member is called {@code cluster:nodeId}, never by its
 * address: that configuration is part of the log for ever, and a node may move to another host or port.
 *
 * <p>Thread-safe; one per JVM, as jraft's transport factory is.
 */
final class RaftAddresses {
    private static final Map<Endpoint, String> ADDRESSES = new ConcurrentHashMap<>();

    private RaftAddresses() {}

    static PeerId peer(String cluster, int nodeId) {
        return new PeerId(cluster, nodeId);
    }

    static void put(String cluster, int nodeId, String address) {
        ADDRESSES.put(new Endpoint(cluster, nodeId), address);
    }

    static @Nullable String address(Endpoint endpoint) {
        return ADDRESSES.get(endpoint);
    }
}
