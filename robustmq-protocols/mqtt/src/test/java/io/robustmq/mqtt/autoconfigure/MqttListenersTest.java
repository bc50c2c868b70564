/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.mqtt.connection.MqttListener;
import io.robustmq.mqtt.connection.MqttListener.FromCertificate;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ClientAuth;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Configuration as an operator writes it, and the ports that it means. */
class MqttListenersTest {
    private final List<MqttListener> own = new ArrayList<>();

    private List<ListenerSpec> listeners(String... keys) {
        Properties properties = new Properties();
        for (String key : keys) {
            int equals = key.indexOf('=');
            properties.put("robustmq.mqtt." + key.substring(0, equals), key.substring(equals + 1));
        }
        MqttProtocolProperties bound = new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("robustmq.mqtt", MqttProtocolProperties.class);
        return MqttListeners.of(bound, listener -> {
            own.add(listener);
            return (channel, loop, connection) -> {};
        });
    }

    private ListenerSpec only(String... keys) {
        List<String> all = new ArrayList<>(List.of("tcp.port=-1", "websocket.port=-1"));
        all.addAll(List.of(keys));
        List<ListenerSpec> listeners = listeners(all.toArray(String[]::new));
        assertThat(listeners).hasSize(1);
        return listeners.get(0);
    }

    @Test
    void withoutKeysThePlainPortsAreOpen() {
        assertThat(listeners())
                .extracting(spec -> spec.name() + " " + spec.port())
                .containsExactly("mqtt-tcp 1883", "mqtt-websocket 8083");
    }

    @Test
    void aBundleOpensThePortOfItsTransport() {
        assertThat(listeners("tls.bundle=node", "websocket-tls.bundle=web"))
                .extracting(spec -> spec.name() + " " + spec.port() + " "
                        + (spec.tls() == null ? "-" : spec.tls().bundle()))
                .containsExactly(
                        "mqtt-tcp 1883 -",
                        "mqtt-tls 8883 node",
                        "mqtt-websocket 8083 -",
                        "mqtt-websocket-tls 8084 web");
    }

    @Test
    void aBundleWithAClosedPortStaysClosed() {
        assertThat(listeners("tls.bundle=node", "tls.port=-1")).hasSize(2);
        assertThat(only("tls.bundle=node", "tls.port=7000").port()).isEqualTo(7000);
    }

    @Test
    void clientsOfTheTlsPortAreCalledByTheirCertificates() {
        ListenerSpec spec = only(
                "tls.bundle=node",
                "tls.named-bundles=one,two",
                "tls.client-auth=required",
                "tls.certificate-as-user-name=cn");
        assertThat(spec.tls()).isEqualTo(new ListenerSpec.Tls("node", List.of("one", "two"), ClientAuth.REQUIRED));
        assertThat(own).contains(new MqttListener(MqttListener.COMMON, FromCertificate.CN, FromCertificate.NONE));
    }

    @Test
    void aNamedListenerHasSettingsOfItsOwn() {
        ListenerSpec spec = only(
                "listeners.plant.transport=websocket-tls",
                "listeners.plant.port=9001",
                "listeners.plant.bind=10.0.0.7",
                "listeners.plant.bundle=plant",
                "listeners.plant.client-auth=optional",
                "listeners.plant.certificate-as-user-name=dn",
                "listeners.plant.certificate-as-client-id=cn",
                "listeners.plant.proxy-protocol=true",
                "listeners.plant.proxy-trusted=10.0.0.0/8,fd00::/8",
                "listeners.plant.max-connections=100",
                "listeners.plant.path=/plant",
                "listeners.plant.max-packet-size=64KB");
        assertThat(spec.name()).isEqualTo("mqtt-plant");
        assertThat(spec.portKey()).isEqualTo("robustmq.mqtt.listeners.plant.port");
        assertThat(spec.transport()).isEqualTo(Transport.WEBSOCKET_TLS);
        assertThat(spec.port()).isEqualTo(9001);
        assertThat(spec.bindAddress()).isEqualTo("10.0.0.7");
        assertThat(spec.tls()).isEqualTo(new ListenerSpec.Tls("plant", List.of(), ClientAuth.OPTIONAL));
        assertThat(spec.proxy()).isEqualTo(new ListenerSpec.ProxyProtocol(List.of("10.0.0.0/8", "fd00::/8")));
        assertThat(spec.connectionsMax()).isEqualTo(100);
        assertThat(spec.webSocket()).isNotNull();
        assertThat(spec.webSocket().path()).isEqualTo("/plant");
        assertThat(spec.webSocket().frameBytesMax()).isEqualTo((64 << 10) + (1 << 20));
        assertThat(own).contains(new MqttListener(64 << 10, FromCertificate.DN, FromCertificate.CN));
    }

    @Test
    void aNamedListenerIsPlainUnlessItSaysMore() {
        ListenerSpec spec = only("listeners.second.port=1884");
        assertThat(spec.transport()).isEqualTo(Transport.TCP);
        assertThat(spec.proxy()).isNull();
        assertThat(spec.connectionsMax()).isZero();
        assertThat(own).contains(MqttListener.of(MqttListener.COMMON));
        assertThat(listeners("listeners.second.port=-1")).hasSize(2);
    }

    @Test
    void aTrustedProxyMayProveWhoClientsAre() {
        ListenerSpec spec = only(
                "listeners.lb.port=1884",
                "listeners.lb.proxy-protocol=true",
                "listeners.lb.proxy-trusted=10.0.0.7",
                "listeners.lb.certificate-as-user-name=cn");
        assertThat(spec.transport()).isEqualTo(Transport.TCP);
        assertThat(own).contains(new MqttListener(MqttListener.COMMON, FromCertificate.CN, FromCertificate.NONE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tls.port=8883                                              | no keys                | robustmq.mqtt.tls.bundle
            websocket-tls.port=8084                                    | no keys                | robustmq.mqtt.websocket-tls.bundle
            tls.bundle=a;tls.certificate-as-user-name=cn               | nobody asks            | robustmq.mqtt.tls.client-auth
            listeners.a.transport=tcp                                  | no port                | robustmq.mqtt.listeners.a.port
            listeners.tls.port=1                                       | 'tls'                  | another
            listeners.A_b.port=1                                       | 'A_b'                  | lower-case
            listeners.a.port=1;listeners.a.transport=tls               | no keys                | robustmq.mqtt.listeners.a.bundle
            listeners.a.port=1;listeners.a.bundle=b                    | bundle is set          | tls or websocket-tls
            listeners.a.port=1;listeners.a.named-bundles=b             | named-bundles is set   | tls or websocket-tls
            listeners.a.port=1;listeners.a.client-auth=required        | client-auth is set     | tls or websocket-tls
            listeners.a.port=1;listeners.a.path=/x                     | path is set            | websocket
            listeners.a.port=1;listeners.a.transport=websocket;listeners.a.path=x  | path is 'x' | slash
            listeners.a.port=1;listeners.a.proxy-trusted=10.0.0.1      | proxy-trusted is set   | proxy-protocol to true
            listeners.a.port=1;listeners.a.max-connections=0           | max-connections is '0' | 1 or more
            listeners.a.port=1;listeners.a.max-packet-size=1B          | max-packet-size        | 1KB to 256MB
            listeners.a.port=1;listeners.a.max-packet-size=257MB       | max-packet-size        | 1KB to 256MB
            listeners.a.port=1;listeners.a.certificate-as-user-name=cn | nobody asks            | client-auth
            listeners.a.port=1;listeners.a.certificate-as-client-id=dn;listeners.a.proxy-protocol=true | nobody asks | proxy-trusted
            """)
    void whatContradictsItselfIsRefusedInTwoSentences(String keys, String what, String remedy) {
        assertThatThrownBy(() -> listeners(keys.split(";")))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused).hasMessageContaining(what);
                    assertThat(refused.action()).contains(remedy);
                });
    }
}
