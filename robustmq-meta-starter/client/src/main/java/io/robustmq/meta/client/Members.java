/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.rpc.InnerRpcChannels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which member to ask: the group's leader when it is known, else one after the other, this process first. Thread-safe. */
final class Members {
    private final long callTimeoutMillis;
    private final InnerRpcChannels channels;
    private final @Nullable String localAddress;
    private final @Nullable MetaEndpoint local;
    private final List<String> addresses = new ArrayList<>();
    private final Map<String, MetaEndpoint> endpoints = new HashMap<>();
    private final Map<String, String> leaders = new HashMap<>();

    Members(MetaClientConfig config, @Nullable MetaEndpoint local, InnerRpcChannels channels, long callTimeoutMillis) {
        this.channels = channels;
        this.callTimeoutMillis = callTimeoutMillis;
        this.local = local;
        this.localAddress = local == null ? null : config.localAddress();
        if (local != null && localAddress != null) {
            addresses.add(localAddress);
            endpoints.put(localAddress, local);
        }
        config.addresses().stream().filter(a -> !a.equals(localAddress)).forEach(addresses::add);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a meta client needs a member's address");
        }
    }

    /** The address to ask in this attempt, counted from 0. */
    synchronized String leaderOrNext(String group, int attempt) {
        String leader = leaders.get(group);
        return leader != null ? leader : next(attempt);
    }

    /** Any member; this process while it is one and nothing speaks against it. */
    String next(int attempt) {
        return addresses.get(Math.floorMod(attempt, addresses.size()));
    }

    synchronized MetaEndpoint endpoint(String address) {
        return endpoints.computeIfAbsent(address, a -> new GrpcMetaEndpoint(channels, a, callTimeoutMillis));
    }

    /** A member named this leader; answers whether that is news. */
    synchronized boolean leaderIs(String group, String address) {
        return !address.equals(leaders.put(group, address));
    }

    synchronized void forgetLeader(String group, String address) {
        leaders.remove(group, address);
    }

    boolean isLocal(String address) {
        return address.equals(localAddress);
    }
}
