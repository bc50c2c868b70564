/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

/**
 * Options of the inner port. Immutable.
 *
 * @param port 0 picks a free one
 * @param inboundMessageBytesMax must exceed what raft puts into one append
 * @param keepAliveMillis a silent connection is probed this often; half-open ones are found so
 * @param handshakeMillis a connection that has not proved who it is by then is closed
 */
public record InnerRpcOptions(
        String bindAddress, int port, int inboundMessageBytesMax, long keepAliveMillis, long handshakeMillis) {
    public static final int DEFAULT_PORT = 1228;
    public static final int INBOUND_MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

    public InnerRpcOptions(String bindAddress, int port) {
        this(bindAddress, port, INBOUND_MESSAGE_BYTES_MAX, 10_000, 5000);
    }
}
