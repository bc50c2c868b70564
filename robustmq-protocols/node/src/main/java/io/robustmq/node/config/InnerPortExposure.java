/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import io.robustmq.node.StartRefusedException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The inner port lets whoever reaches it do everything, so it leaves the loopback only with proof of who calls. */
public final class InnerPortExposure {
    private InnerPortExposure() {}

    /** @throws StartRefusedException when strangers could reach the inner port */
    public static void check(RobustMqProperties properties) {
        if (properties.rpc().sharedSecret() != null) {
            throw new StartRefusedException(
                    "robustmq.rpc.shared-secret is set, and this build cannot yet ask for it.",
                    "Take it out of the configuration, so that nobody relies on it.");
        }
        String address = properties.rpcBindAddress();
        String key = properties.rpc().bindAddress() != null ? "robustmq.rpc.bind-address" : "robustmq.bind-address";
        InetAddress resolved;
        try {
            resolved = InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw RobustMqProperties.refused(key, address, "name an address of this machine, 127.0.0.1 or 0.0.0.0");
        }
        if (resolved.isLoopbackAddress()) {
            return;
        }
        throw new StartRefusedException(
                "The inner port would listen on " + address
                        + ", off the loopback, and this build cannot yet ask who calls (shared secret, mTLS).",
                "Set robustmq.rpc.bind-address to 127.0.0.1; the ports for clients keep robustmq.bind-address.");
    }
}
