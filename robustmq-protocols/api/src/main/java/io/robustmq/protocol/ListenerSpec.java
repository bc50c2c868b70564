/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port that a protocol wants open. Immutable.
 *
 * @param protocol the plug-in's name, {@code mqtt}
 * @param title the operator's own name of the listener, or null for the one listener that its transport has by default
 * @param transport what carries the bytes
 * @param bindAddress where to listen, or null for {@code robustmq.bind-address}
 * @param port the port, 0 for any free one
 * @param synchronousReads whether the handlers are done with a buffer when {@code channelRead} returns (they copy what
 *     they keep); then all plain TCP connections of a loop share one read buffer of 64 KiB
 * @param webSocket how to upgrade, for the WebSocket transports only
 * @param tls the keys of a listener that encrypts
 * @param proxy who may tell the addresses of clients; null when nobody does
 * @param connectionsMax connections of this listener, 0 for no limit of its own
 * @param initializer adds the protocol's handlers
 */
public record ListenerSpec(
        String protocol,
        @Nullable String title,
        Transport transport,
        @Nullable String bindAddress,
        int port,
        boolean synchronousReads,
        @Nullable WebSocket webSocket,
        @Nullable Tls tls,
        @Nullable ProxyProtocol proxy,
        int connectionsMax,
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

    /**
     * The keys of a listener. Immutable.
     *
     * @param bundle name of the keys for everybody who names no server, or one that nobody else has
     * @param namedBundles names of further keys, for clients that name a server of their certificate
     * @param clientAuth whether clients show a certificate
     */
    public record Tls(String bundle, List<String> namedBundles, ClientAuth clientAuth) {
        public Tls {
            namedBundles = List.copyOf(namedBundles);
        }

        public static Tls of(String bundle) {
            return new Tls(bundle, List.of(), ClientAuth.NONE);
        }

        /** All names of keys, that for everybody first. */
        public List<String> bundles() {
            List<String> all = new ArrayList<>();
            all.add(bundle);
            all.addAll(namedBundles);
            return all;
        }
    }

    /**
     * Every connection begins with a header of the PROXY protocol, version 1 or 2, which says where the client is.
     * Immutable.
     *
     * @param trusted addresses and networks ({@code 10.0.0.0/8}) that may connect; empty for all
     */
    public record ProxyProtocol(List<String> trusted) {
        public ProxyProtocol {
            trusted = List.copyOf(trusted);
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
        return new ListenerSpec(protocol, null, Transport.TCP, null, port, true, null, null, null, 0, initializer);
    }

    public static ListenerSpec webSocket(
            String protocol, int port, WebSocket webSocket, ConnectionInitializer initializer) {
        return new ListenerSpec(
                protocol, null, Transport.WEBSOCKET, null, port, false, webSocket, null, null, 0, initializer);
    }

    /** With the operator's own name. */
    public ListenerSpec withTitle(String name) {
        return new ListenerSpec(
                protocol,
                name,
                transport,
                bindAddress,
                port,
                synchronousReads,
                webSocket,
                tls,
                proxy,
                connectionsMax,
                initializer);
    }

    public ListenerSpec withBindAddress(@Nullable String address) {
        return new ListenerSpec(
                protocol,
                title,
                transport,
                address,
                port,
                synchronousReads,
                webSocket,
                tls,
                proxy,
                connectionsMax,
                initializer);
    }

    public ListenerSpec withTransport(Transport other) {
        return new ListenerSpec(
                protocol,
                title,
                other,
                bindAddress,
                port,
                synchronousReads,
                webSocket,
                tls,
                proxy,
                connectionsMax,
                initializer);
    }

    /** Encrypted with the keys of that name. */
    public ListenerSpec withTls(String bundle) {
        return withTls(Tls.of(bundle));
    }

    /** Encrypted. */
    public ListenerSpec withTls(Tls keys) {
        return new ListenerSpec(
                protocol,
                title,
                webSocket == null ? Transport.TLS : Transport.WEBSOCKET_TLS,
                bindAddress,
                port,
                synchronousReads,
                webSocket,
                keys,
                proxy,
                connectionsMax,
                initializer);
    }

    /** Behind a proxy that says where clients are. */
    public ListenerSpec withProxy(@Nullable ProxyProtocol protocolOfProxy) {
        return new ListenerSpec(
                protocol,
                title,
                transport,
                bindAddress,
                port,
                synchronousReads,
                webSocket,
                tls,
                protocolOfProxy,
                connectionsMax,
                initializer);
    }

    public ListenerSpec withConnectionsMax(int max) {
        return new ListenerSpec(
                protocol,
                title,
                transport,
                bindAddress,
                port,
                synchronousReads,
                webSocket,
                tls,
                proxy,
                max,
                initializer);
    }

    public ListenerSpec withSynchronousReads(boolean synchronous) {
        return new ListenerSpec(
                protocol,
                title,
                transport,
                bindAddress,
                port,
                synchronous,
                webSocket,
                tls,
                proxy,
                connectionsMax,
                initializer);
    }

    /** {@code mqtt-tcp}, or {@code mqtt-plant} for one that the operator has named. */
    public String name() {
        return protocol + "-" + (title == null ? transport.key() : title);
    }

    /** The key that a person changes to move this listener. */
    public String portKey() {
        return "robustmq." + protocol + "." + (title == null ? transport.key() : "listeners." + title) + ".port";
    }
}
