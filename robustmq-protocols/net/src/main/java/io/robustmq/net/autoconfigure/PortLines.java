/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.robustmq.net.BoundListener;
import io.robustmq.net.NetServer;
import io.robustmq.node.BannerLine;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A line of the start banner for each protocol with its open ports. Immutable. */
final class PortLines implements BannerLine.Contribution {
    private final NetServer server;

    PortLines(NetServer server) {
        this.server = server;
    }

    @Override
    public List<BannerLine> lines() {
        Map<String, String> byProtocol = new LinkedHashMap<>();
        for (BoundListener listener : server.listeners()) {
            InetSocketAddress address = listener.address();
            String port = listener.spec().transport().key() + " "
                    + address.getAddress().getHostAddress() + ":" + address.getPort();
            byProtocol.merge(listener.spec().protocol(), port, (before, next) -> before + ", " + next);
        }
        return byProtocol.entrySet().stream()
                .map(entry -> new BannerLine(entry.getKey(), entry.getValue()))
                .toList();
    }
}
