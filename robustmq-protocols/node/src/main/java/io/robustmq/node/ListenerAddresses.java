/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import java.util.Map;

/** The open ports of this node, found in its {@link NodeContext}. Thread-safe. */
@FunctionalInterface
public interface ListenerAddresses {

    /** {@code mqtt-tcp} to {@code host:port}, in the order in which they were opened. */
    Map<String, String> addresses();
}
