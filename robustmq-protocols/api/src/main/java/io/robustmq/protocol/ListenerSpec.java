/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port that a protocol wants open. Immutable.
 *
 * @param protocol the plug-in's name, {@code mqtt}
 * @param transport what carries the bytes
 * @param bindAddress where to listen, or null for {@code robustmq.bind-address}
 * @param port the port, 0 for any free one
 * @param synchronousReads whether the handlers are done with a buffer when {@code channelRead} returns (they copy what
 *     they keep); then all plain TCP connections of a loop share one read buffer of 64 KiB
 * @param webSocket how to upgrade, for the WebSocket transports only
 * @param tlsBundle name of the keys of a listener that encrypts
 * @param initializer adds the protocol's handlers
 */
public record ListenerSpec(
        String protocol,
        Transport transport,
        @Nullable String bindAddress,
        int port,
        boolean synchronousReads,
        @Nullable WebSocket webSocket,
        @Nullable String tlsBundle,
        ConnectionInitializer initializer) {

    /**
     * How an HTTP connection becomes the protocol's byte stream. Immutable.
     *
     * @param path the only path that is answered
     * @param subprotocols what a client may offer; a client that offers only others is refused
     * @param frameBytesMax the largest frame that is accepted; a frame is buffered until it is whole
     */
    public record WebSocket(String path, List<String> subprotocols, int frameBytesMax) {
        public WebSocket {
            subprotocols = List.copyOf(subprotocols);
        }
    }

    public ListenerSpec {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        boolean web = transport == Transport.WEBSOCKET || transport == Transport.WEBSOCKET_TLS;
        if (web != (webSocket != null)) {
            throw new IllegalArgumentException("a WebSocket listener, and no other, says how to upgrade");
        }
    }

    public static ListenerSpec tcp(String protocol, int port, ConnectionInitializer initializer) {
        return new ListenerSpec(protocol, Transport.TCP, null, port, true, null, null, initializer);
    }

    public static ListenerSpec webSocket(
            String protocol, int port, WebSocket webSocket, ConnectionInitializer initializer) {
        return new ListenerSpec(protocol, Transport.WEBSOCKET, null, port, false, webSocket, null, initializer);
    }

    public ListenerSpec withBindAddress(@Nullable String address) {
        return new ListenerSpec(
                protocol, transport, address, port, synchronousReads, webSocket, tlsBundle, initializer);
    }

    public ListenerSpec withTransport(Transport other) {
        return new ListenerSpec(
                protocol, other, bindAddress, port, synchronousReads, webSocket, tlsBundle, initializer);
    }

    /** Encrypted with the keys of that name. */
    public ListenerSpec withTls(String bundle) {
        Transport encrypted = webSocket == null ? Transport.TLS : Transport.WEBSOCKET_TLS;
        return new ListenerSpec(
                protocol, encrypted, bindAddress, port, synchronousReads, webSocket, bundle, initializer);
    }

    public ListenerSpec withSynchronousReads(boolean synchronous) {
        return new ListenerSpec(protocol, transport, bindAddress, port, synchronous, webSocket, tlsBundle, initializer);
    }

    /** {@code mqtt-tcp}. */
    public String name() {
        return protocol + "-" + transport.key();
    }

    /** The key that a person changes to move this listener. */
    public String portKey() {
        return "robustmq." + protocol + "." + transport.key() + ".port";
    }
}
