/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.net.InetSocketAddress;

/**
 * What is known of a connection from its first moment. Immutable.
 *
 * @param id unique in this node until it restarts, from 1
 * @param listener the listener that accepted it, {@code mqtt-tcp}
 * @param protocol {@code mqtt}
 * @param transport what carries it
 * @param remote the peer's address
 * @param local the address that the peer connected to
 * @param openedMillis wall clock at acceptance
 */
public record ConnectionInfo(
        long id,
        String listener,
        String protocol,
        Transport transport,
        InetSocketAddress remote,
        InetSocketAddress local,
        long openedMillis) {}
