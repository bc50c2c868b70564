/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import io.robustmq.mqtt.InProcessBroker;

/** How a client reaches the broker. */
public enum Transport {
    TCP,
    WEB_SOCKET,
    TLS,
    WEB_SOCKET_TLS;

    boolean isWebSocket() {
        return this == WEB_SOCKET || this == WEB_SOCKET_TLS;
    }

    boolean isSecure() {
        return this == TLS || this == WEB_SOCKET_TLS;
    }

    int port(InProcessBroker broker) {
        return switch (this) {
            case TCP -> broker.tcpPort();
            case WEB_SOCKET -> broker.webSocketPort();
            case TLS -> broker.tlsPort();
            case WEB_SOCKET_TLS -> broker.webSocketTlsPort();
        };
    }

    /** @param plain the scheme of plain TCP, {@code tcp} for some and {@code mqtt} for others */
    String url(int port, String plain, String secure) {
        return switch (this) {
            case TCP -> plain + "://127.0.0.1:" + port;
            case WEB_SOCKET -> "ws://127.0.0.1:" + port + "/mqtt";
            case TLS -> secure + "://127.0.0.1:" + port;
            case WEB_SOCKET_TLS -> "wss://127.0.0.1:" + port + "/mqtt";
        };
    }
}
