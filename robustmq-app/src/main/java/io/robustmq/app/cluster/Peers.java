/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.NodeInfo;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Who there is to ask: this node, brokers whose lease runs, and the keepers of the metadata, which are there by configuration.
 * Thread-safe: immutable.
 */
final class Peers implements Supplier<List<Peer>> {
    private final NodeContext node;
    private final Map<Integer, String> metaAddresses;

    Peers(NodeContext node, Map<Integer, String> metaAddresses) {
        this.node = node;
        this.metaAddresses = metaAddresses;
    }

    @Override
    public List<Peer> get() {
        int self = node.identity().nodeId().value();
        TreeMap<Integer, Peer> peers = new TreeMap<>();
        metaAddresses.forEach((id, address) -> peers.put(id, new Peer(id, address, Set.of())));
        node.find(MetaClient.class)
                .ifPresent(meta -> meta.image().nodes().stream()
                        .filter(NodeInfo::alive)
                        .forEach(each -> peers.put(each.id().value(), peer(each))));
        Set<String> roles = node.identity().roles().stream().map(Role::key).collect(Collectors.toSet());
        peers.put(self, new Peer(self, null, roles));
        return List.copyOf(peers.values());
    }

    /** What all nodes are configured with is reached from everywhere; what a node says of itself may be 0.0.0.0. */
    private Peer peer(NodeInfo each) {
        String address = metaAddresses.getOrDefault(each.id().value(), each.rpcAddress());
        return new Peer(each.id().value(), address, each.roles());
    }
}
