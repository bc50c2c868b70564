/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripted client against a scripted server. */
class MqttRawClientTest {
    private ServerSocket listener;
    private RawClient server;
    private MqttRawClient client;

    @BeforeEach
    void open() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = MqttRawClient.open(listener.getLocalPort(), MqttVersion.V5);
        Socket accepted = listener.accept();
        server = new RawClient(accepted, Duration.ofSeconds(10));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        listener.close();
    }

    @Test
    void aConversation() {
        client.connect("c", true);
        server.expectHex("100e00044d5154540502000000000163").sendHex("2003000000");
        assertThat(client.expectAccepted().sessionPresent()).isFalse();

        client.subscribe(1, "a/b", 1);
        server.expectHex("82090001000003612f6201")
                .sendHex("90040001 00 01 32 11 0003612f62 0007 07 26000161000162 6869");
        client.expectSubAck(1, 1);
        MqttRawClient.Publish publish = client.expectPublish("a/b", "hi");
        assertThat(publish.qos()).isEqualTo(1);
        assertThat(publish.packetId()).isEqualTo(7);
        assertThat(publish.properties().userProperty("a")).isEqualTo("b");

        client.pubAck(7).publish("a/b", "x", 1, 8);
        server.expectHex("40020007").expectHex("3209 0003612f62 0008 00 78").sendHex("40030008 10");
        client.expectAcknowledgement(PacketType.PUBACK, 8, 0x10);

        client.unsubscribe(2, "a/b");
        server.expectHex("a2080002000003612f62").sendHex("b00400020011");
        client.expectUnsubAck(2, 0x11);

        client.pingReq().disconnect(0x04, MqttProperties.NONE);
        server.expectHex("c000e00104").sendHex("d000e0018b").close();
        client.expectPingResp();
        client.expectDisconnect(0x8B);
    }

    @Test
    void whatIsNotExpectedIsNamed() {
        server.sendHex("d000");
        assertThatThrownBy(() -> client.expect(SubAck.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected SubAck but received PingResp");
    }
}
