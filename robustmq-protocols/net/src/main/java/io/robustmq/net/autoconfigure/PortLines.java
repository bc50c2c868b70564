/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.robustmq.net.BoundListener;
import io.robustmq.net.NetServer;
import io.robustmq.node.BannerLine;
import io.robustmq.node.ListenerAddresses;
import io.robustmq.protocol.ListenerSpec;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The open ports, as lines of the start banner and for the registry of nodes. Immutable. */
final class PortLines implements BannerLine.Contribution, ListenerAddresses {
    private final NetServer server;

    PortLines(NetServer server) {
        this.server = server;
    }

    @Override
    public List<BannerLine> lines() {
        Map<String, String> byProtocol = new LinkedHashMap<>();
        for (BoundListener listener : server.listeners()) {
            ListenerSpec spec = listener.spec();
            String kind = spec.transport().key();
            String port =
                    (spec.title() == null ? kind : spec.title() + " (" + kind + ")") + " " + text(listener.address());
            byProtocol.merge(listener.spec().protocol(), port, (before, next) -> before + ", " + next);
        }
        return byProtocol.entrySet().stream()
                .map(entry -> new BannerLine(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (BoundListener listener : server.listeners()) {
            addresses.put(listener.spec().name(), text(listener.address()));
        }
        return addresses;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
