/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.codec.ConnAck;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.connection.MqttListener;
import io.robustmq.mqtt.connection.MqttListener.FromCertificate;
import io.robustmq.protocol.ConnectionRegistry.ConnectionView;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.ListenerSpec.ProxyProtocol;
import io.robustmq.testkit.LeakExtension;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Listeners with settings of their own. Who a client has proven to be comes from a proxy here, which is read byte by byte; that a
 * handshake tells the same is shown with real clients. Confined to the test's thread.
 */
@ExtendWith(LeakExtension.class)
class ListenersTest {
    private static final int SMALL = 2048;
    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options()
                .listeners(equipment -> List.of(
                        ListenerSpec.tcp("mqtt", 0, equipment.of(MqttListener.of(SMALL)))
                                .withTitle("small"),
                        proxied("user", equipment, new MqttListener(1 << 20, FromCertificate.CN, FromCertificate.NONE)),
                        proxied(
                                "subject",
                                equipment,
                                new MqttListener(1 << 20, FromCertificate.DN, FromCertificate.NONE)),
                        proxied("id", equipment, new MqttListener(1 << 20, FromCertificate.NONE, FromCertificate.CN))))
                .start();
    }

    private static ListenerSpec proxied(String title, MqttPlugin.Equipment equipment, MqttListener listener) {
        return ListenerSpec.tcp("mqtt", 0, equipment.of(listener))
                .withTitle(title)
                .withProxy(new ProxyProtocol(List.of("127.0.0.1")));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static int port(String title) {
        return broker.server().address("mqtt-" + title).getPort();
    }

    /** Version 2 of the PROXY protocol, for a client at 203.0.113.7 whose common name the proxy has verified. */
    private static byte[] header(String commonName) {
        byte[] name = commonName.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(new byte[] {13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11, 0});
        int extension = name.length == 0 ? 0 : 3 + 5 + 3 + name.length;
        header.write(12 + extension);
        header.writeBytes(new byte[] {(byte) 203, 0, 113, 7, (byte) 192, 0, 2, 1, 0x20, 0, 0x07, 0x5B});
        if (name.length > 0) {
            header.writeBytes(new byte[] {0x20, 0, (byte) (extension - 3), 3, 0, 0, 0, 0, 0x22, 0, (byte) name.length});
            header.writeBytes(name);
        }
        return header.toByteArray();
    }

    private static MqttRawClient open(String title, String commonName) {
        MqttRawClient client = MqttRawClient.open(port(title), MqttVersion.V5);
        client.raw().send(header(commonName));
        return client;
    }

    private static MqttRawClient connect(MqttRawClient client, String clientId, String userName) {
        return client.connect(
                new Connect(MqttVersion.V5, clientId, true, 0, null, userName, null, MqttProperties.NONE));
    }

    private static ConnectionView view(String clientId) {
        return broker.server().connections().list(0, 1000).stream()
                .filter(view -> clientId.equals(view.clientId()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theAddressIsTheClientsAndTheListenerIsNamed() {
        try (MqttRawClient client = open("user", "")) {
            connect(client, "far", "who I say").expectAccepted();
            assertThat(view("far").info().remote().getAddress().getHostAddress())
                    .isEqualTo("203.0.113.7");
            assertThat(view("far").info().listener()).isEqualTo("mqtt-user");
            assertThat(view("far").userName()).isEqualTo("who I say");
            assertThat(view("far").certificate()).isNull();
        }
    }

    @Test
    void theCommonNameIsTheUserNameWhateverTheClientSays() {
        try (MqttRawClient client = open("user", "meter-7")) {
            connect(client, "a meter", "admin").expectAccepted();
            assertThat(view("a meter").userName()).isEqualTo("meter-7");
            assertThat(view("a meter").certificate()).isEqualTo("CN=meter-7");
        }
    }

    @Test
    void theSubjectIsTheUserName() {
        try (MqttRawClient client = open("subject", "meter, 8")) {
            connect(client, "another meter", null).expectAccepted();
            assertThat(view("another meter").userName()).isEqualTo("CN=meter\\, 8");
        }
    }

    @Test
    void theCommonNameIsTheClientId() {
        try (MqttRawClient client = open("id", "meter-9");
                MqttRawClient unnamed = open("id", "meter-10")) {
            connect(client, "somebody else", "u").expectAccepted();
            assertThat(view("meter-9").userName()).isEqualTo("u");
            ConnAck answer = connect(unnamed, "", null).expectAccepted();
            assertThat(answer.properties().string(PropertyId.ASSIGNED_CLIENT_IDENTIFIER))
                    .isEqualTo("meter-10");
        }
    }

    @Test
    void aNameThatCannotBeOneIsRefused() {
        try (MqttRawClient client = open("user", " ")) {
            connect(client, "nobody", "admin");
            assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }
    }

    @Test
    void aListenerHasItsOwnLargestPacket() {
        try (MqttRawClient small = MqttRawClient.open(port("small"), MqttVersion.V5);
                MqttRawClient large = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "large")) {
            ConnAck answer = connect(small, "small", null).expectAccepted();
            assertThat(answer.properties().number(PropertyId.MAXIMUM_PACKET_SIZE, 0))
                    .isEqualTo(SMALL);
            small.publish("t", "x".repeat(SMALL - 20), 1, 1);
            small.expectPubAck(1);
            large.publish("t", "x".repeat(SMALL), 1, 1);
            large.expectPubAck(1);
            small.publish("t", "x".repeat(SMALL), 1, 2);
            small.expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
        }
    }
}
