/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.autoconfigure;

import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.Transport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From configuration to the ports of MQTT. Stateless. */
final class MqttListeners {
    private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    private MqttListeners() {}

    static List<ListenerSpec> of(MqttProtocolProperties properties, ConnectionInitializer initializer) {
        List<ListenerSpec> listeners = new ArrayList<>();
        if (properties.tcp().port() >= 0) {
            listeners.add(ListenerSpec.tcp(MqttPlugin.NAME, properties.tcp().port(), initializer));
        }
        MqttProtocolProperties.Tls tls = properties.tls();
        int tlsPort = port(tls.bundle(), tls.port(), MqttProtocolProperties.Tls.PORT);
        if (tlsPort >= 0) {
            listeners.add(ListenerSpec.tcp(MqttPlugin.NAME, tlsPort, initializer)
                    .withTls(requireBundle("tls", tls.bundle())));
        }
        ListenerSpec.WebSocket upgrade = new ListenerSpec.WebSocket(
                properties.websocket().path(), SUBPROTOCOLS, properties.limits().frameBytesMax());
        if (properties.websocket().port() >= 0) {
            listeners.add(ListenerSpec.webSocket(
                    MqttPlugin.NAME, properties.websocket().port(), upgrade, initializer));
        }
        MqttProtocolProperties.WebsocketTls secure = properties.websocketTls();
        int securePort = port(secure.bundle(), secure.port(), MqttProtocolProperties.WebsocketTls.PORT);
        if (securePort >= 0) {
            listeners.add(ListenerSpec.webSocket(MqttPlugin.NAME, securePort, upgrade, initializer)
                    .withTls(requireBundle("websocket-tls", secure.bundle())));
        }
        if (properties.quic().port() >= 0) {
            listeners.add(ListenerSpec.tcp(MqttPlugin.NAME, properties.quic().port(), initializer)
                    .withTransport(Transport.QUIC));
        }
        return listeners;
    }

    private static int port(@Nullable String bundle, @Nullable Integer port, int portWithBundle) {
        if (port != null) {
            return port;
        }
        return bundle == null ? -1 : portWithBundle;
    }

    private static String requireBundle(String transport, @Nullable String bundle) {
        if (bundle == null || bundle.isBlank()) {
            throw new StartRefusedException(
                    "robustmq.mqtt." + transport + ".port is set, but there are no keys for it.",
                    "Set robustmq.mqtt." + transport
                            + ".bundle to the name of an SSL bundle (spring.ssl.bundle.pem.<name>...), or the port to -1.");
        }
        return bundle;
    }
}
