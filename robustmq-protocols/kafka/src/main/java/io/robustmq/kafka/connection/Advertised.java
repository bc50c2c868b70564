/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

/** Where clients are told to connect to. Immutable. */
public record Advertised(String host, int port) {

    /** @param text {@code host:port}; an IPv6 address stands in brackets */
    public static Advertised parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon).trim();
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1).trim());
            if (!host.isEmpty() && port > 0 && port <= 65535) {
                return new Advertised(host, port);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException("'" + text + "' is not host:port");
    }
}
