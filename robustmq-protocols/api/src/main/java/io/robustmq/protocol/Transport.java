/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/** What carries a protocol's bytes. The key is its part of {@code robustmq.<protocol>.<key>.port}. */
public enum Transport {
    TCP("tcp"),
    TLS("tls"),
    WEBSOCKET("websocket"),
    WEBSOCKET_TLS("websocket-tls"),
    QUIC("quic");

    private final String key;

    Transport(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }
}
