/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ListenerSpec;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/** Who may send headers of the PROXY protocol. Immutable. */
final class TrustedSources {
    private final List<IpSubnetFilterRule> networks;

    private TrustedSources(List<IpSubnetFilterRule> networks) {
        this.networks = networks;
    }

    /** Refuses what is neither an address nor a network. */
    static TrustedSources of(ListenerSpec spec) {
        return new TrustedSources(Objects.requireNonNull(spec.proxy()).trusted().stream()
                .map(text -> network(spec, text.trim()))
                .toList());
    }

    private static IpSubnetFilterRule network(ListenerSpec spec, String text) {
        int slash = text.indexOf('/');
        // A name would be looked up once and be wrong later.
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            int bits = address instanceof Inet6Address ? 128 : 32;
            try {
                int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
                if (prefix >= 0 && prefix <= bits) {
                    return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
                }
            } catch (NumberFormatException e) {
                // It is told below, as every other mistake.
            }
        }
        throw new StartRefusedException(
                spec.name() + " trusts the proxy '" + text + "', which is no address.",
                "Write addresses or networks into " + spec.portKey().replace(".port", ".proxy-trusted")
                        + ": 10.0.0.7, 10.0.0.0/8, fd00::/8.");
    }

    boolean trust(InetAddress source) {
        if (networks.isEmpty()) {
            return true;
        }
        InetSocketAddress address = new InetSocketAddress(source, 0);
        return networks.stream().anyMatch(network -> network.matches(address));
    }
}
