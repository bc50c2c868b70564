/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.autoconfigure;

import static io.robustmq.node.config.RobustMqProperties.refused;

import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.mqtt.MqttPlugin.Equipment;
import io.robustmq.mqtt.connection.MqttListener;
import io.robustmq.mqtt.connection.MqttListener.FromCertificate;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ClientAuth;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From configuration to the ports of MQTT; refuses what contradicts itself. Stateless. */
final class MqttListeners {
    private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");
    private static final String PREFIX = "robustmq.mqtt.";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final int TLS_PORT = 8883;
    private static final int WEB_SOCKET_TLS_PORT = 8084;

    private MqttListeners() {}

    static List<ListenerSpec> of(MqttProtocolProperties properties, Equipment equipment) {
        List<ListenerSpec> listeners = new ArrayList<>();
        MqttLimits limits = properties.limits();
        ConnectionInitializer plain = equipment.of(MqttListener.of(MqttListener.COMMON));
        if (properties.tcp().port() >= 0) {
            listeners.add(ListenerSpec.tcp(MqttPlugin.NAME, properties.tcp().port(), plain));
        }
        secure(properties.tls(), "tls", TLS_PORT, limits, equipment, null, listeners);
        ListenerSpec.WebSocket upgrade =
                new ListenerSpec.WebSocket(properties.websocket().path(), SUBPROTOCOLS, limits.frameBytesMax());
        if (properties.websocket().port() >= 0) {
            listeners.add(ListenerSpec.webSocket(
                    MqttPlugin.NAME, properties.websocket().port(), upgrade, plain));
        }
        secure(properties.websocketTls(), "websocket-tls", WEB_SOCKET_TLS_PORT, limits, equipment, upgrade, listeners);
        if (properties.quic().port() >= 0) {
            listeners.add(ListenerSpec.tcp(MqttPlugin.NAME, properties.quic().port(), plain)
                    .withTransport(Transport.QUIC));
        }
        properties.listeners().forEach((name, each) -> {
            if (each.port() == null || each.port() >= 0) {
                listeners.add(named(name, each, properties, equipment));
            }
        });
        return listeners;
    }

    private static void secure(
            MqttProtocolProperties.Tls tls,
            String transport,
            int portWithBundle,
            MqttLimits limits,
            Equipment equipment,
            ListenerSpec.@Nullable WebSocket upgrade,
            List<ListenerSpec> listeners) {
        String prefix = PREFIX + transport + ".";
        boolean hasBundle = tls.bundle() != null && !tls.bundle().isBlank();
        Integer wanted = tls.port();
        int port = wanted != null ? wanted : hasBundle ? portWithBundle : -1;
        if (port < 0) {
            return;
        }
        requireSomethingToProve(prefix, tls.certificateAsUserName(), tls.clientAuth(), false);
        ListenerSpec.Tls keys = keys(prefix, tls.bundle(), tls.namedBundles(), tls.clientAuth());
        ConnectionInitializer initializer =
                equipment.of(new MqttListener(MqttListener.COMMON, tls.certificateAsUserName(), FromCertificate.NONE));
        ListenerSpec bare = upgrade == null
                ? ListenerSpec.tcp(MqttPlugin.NAME, port, initializer)
                : ListenerSpec.webSocket(MqttPlugin.NAME, port, upgrade, initializer);
        listeners.add(bare.withTls(keys));
    }

    private static ListenerSpec named(
            String name, MqttListenerProperties own, MqttProtocolProperties common, Equipment equipment) {
        String prefix = PREFIX + "listeners." + name + ".";
        requireName(name);
        Integer port = own.port();
        if (port == null) {
            throw new StartRefusedException(
                    "The listener '" + name + "' of MQTT has no port.",
                    "Set " + prefix + "port, or take robustmq.mqtt.listeners." + name + " out.");
        }
        boolean web = own.transport() == Transport.WEBSOCKET || own.transport() == Transport.WEBSOCKET_TLS;
        requireFittingKeys(prefix, own, web);
        int packetBytesMax = own.maxPacketSize() == null
                ? common.limits().packetBytesMax()
                : bytes(prefix, own.maxPacketSize().toBytes());
        ConnectionInitializer initializer = equipment.of(new MqttListener(
                own.maxPacketSize() == null ? MqttListener.COMMON : packetBytesMax,
                own.certificateAsUserName(),
                own.certificateAsClientId(),
                own.tenant()));
        String path = own.path() == null ? common.websocket().path() : own.path();
        ListenerSpec spec = web
                ? ListenerSpec.webSocket(
                        MqttPlugin.NAME,
                        port,
                        new ListenerSpec.WebSocket(path, SUBPROTOCOLS, MqttLimits.frameBytesMax(packetBytesMax)),
                        initializer)
                : ListenerSpec.tcp(MqttPlugin.NAME, port, initializer);
        if (encrypts(own.transport())) {
            spec = spec.withTls(keys(prefix, own.bundle(), own.namedBundles(), own.clientAuth()));
        } else if (own.transport() == Transport.QUIC) {
            spec = spec.withTransport(Transport.QUIC);
        }
        return spec.withTitle(name)
                .withBindAddress(own.bind())
                .withConnectionsMax(own.maxConnections() == null ? 0 : own.maxConnections())
                .withProxy(own.proxyProtocol() ? new ListenerSpec.ProxyProtocol(own.proxyTrusted()) : null);
    }

    private static boolean encrypts(Transport transport) {
        return transport == Transport.TLS || transport == Transport.WEBSOCKET_TLS;
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw refused(PREFIX + "listeners", name, "name it with up to 32 lower-case letters, digits and dashes");
        }
        if (Arrays.stream(Transport.values())
                .anyMatch(transport -> transport.key().equals(name))) {
            throw refused(
                    PREFIX + "listeners",
                    name,
                    "that is the name of the listener of " + PREFIX + name + "; give this one another");
        }
    }

    private static void requireFittingKeys(String prefix, MqttListenerProperties own, boolean web) {
        String transport = own.transport().key();
        if (!encrypts(own.transport())) {
            forbid(own.bundle() != null, prefix + "bundle", transport, "tls or websocket-tls");
            forbid(!own.namedBundles().isEmpty(), prefix + "named-bundles", transport, "tls or websocket-tls");
            forbid(own.clientAuth() != ClientAuth.NONE, prefix + "client-auth", transport, "tls or websocket-tls");
        }
        forbid(!web && own.path() != null, prefix + "path", transport, "websocket or websocket-tls");
        String path = own.path();
        if (path != null && !path.startsWith("/")) {
            throw refused(prefix + "path", path, "begin it with a slash");
        }
        if (!own.proxyTrusted().isEmpty() && !own.proxyProtocol()) {
            throw new StartRefusedException(
                    prefix + "proxy-trusted is set, but the listener does not speak the PROXY protocol.",
                    "Set " + prefix + "proxy-protocol to true, or take the key out.");
        }
        if (own.maxConnections() != null && own.maxConnections() < 1) {
            throw refused(prefix + "max-connections", own.maxConnections().toString(), "give it 1 or more");
        }
        boolean proven = own.proxyProtocol() && !own.proxyTrusted().isEmpty();
        requireSomethingToProve(prefix, own.certificateAsUserName(), own.clientAuth(), proven);
        requireSomethingToProve(prefix, own.certificateAsClientId(), own.clientAuth(), proven);
    }

    private static void forbid(boolean set, String key, String transport, String right) {
        if (set) {
            throw new StartRefusedException(
                    key + " is set, but the transport of the listener is " + transport + ".",
                    "Take the key out, or make the transport " + right + ".");
        }
    }

    /** @param proven whether a proxy that is trusted says who clients are */
    private static void requireSomethingToProve(
            String prefix, FromCertificate name, ClientAuth clientAuth, boolean proven) {
        if (name != FromCertificate.NONE && clientAuth == ClientAuth.NONE && !proven) {
            throw new StartRefusedException(
                    "Clients are called by their certificates (" + prefix + "certificate-as-...: "
                            + name.name().toLowerCase(Locale.ROOT) + "), but nobody asks for one.",
                    "Set " + prefix + "client-auth to required or optional"
                            + " (a trusted proxy may prove them, too: proxy-protocol with proxy-trusted).");
        }
    }

    private static ListenerSpec.Tls keys(
            String prefix, @Nullable String bundle, List<String> namedBundles, ClientAuth clientAuth) {
        if (bundle == null || bundle.isBlank()) {
            throw new StartRefusedException(
                    prefix + "port is to be encrypted, but there are no keys for it.",
                    "Set " + prefix + "bundle to the name of an SSL bundle (spring.ssl.bundle.pem.<name>...), or "
                            + prefix + "port to -1.");
        }
        return new ListenerSpec.Tls(bundle, namedBundles, clientAuth);
    }

    private static int bytes(String prefix, long size) {
        if (size < 1024 || size > MqttLimits.PACKET_BYTES_MAX) {
            throw refused(prefix + "max-packet-size", size + "B", "give it 1KB to 256MB");
        }
        return (int) size;
    }
}
