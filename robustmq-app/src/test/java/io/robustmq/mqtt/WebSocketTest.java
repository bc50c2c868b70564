/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.testkit.RawClient;
import io.robustmq.testkit.Statement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** MQTT over WebSocket: frames are no packets (6.0.0-1 to -4). */
class WebSocketTest {
    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static MqttRawClient client(WebSocketSocket socket, MqttVersion version) {
        return new MqttRawClient(new RawClient(socket, Duration.ofSeconds(10)), version);
    }

    /** 6.0.0-2: several packets in a frame, a packet over several frames or fragments, byte by byte. */
    @Statement({"MQTT-6.0.0-2", "v3:MQTT-6.0.0-2"})
    @ParameterizedTest
    @CsvSource({"60000, false", "1, false", "1, true", "7, false", "7, true", "30, false"})
    void frameBordersMeanNothing(int frameBytes, boolean fragmented) throws IOException {
        for (MqttVersion version : MqttVersion.values()) {
            String topic = Steps.unique("ws/");
            WebSocketSocket socket = new WebSocketSocket(broker.webSocketPort(), "mqtt", frameBytes, fragmented);
            try (MqttRawClient client = client(socket, version)) {
                client.raw().send(ConnectTest.conversation(version, topic));
                ConnectTest.expectConversation(client, topic);
            }
        }
    }

    /** 6.0.0-3, -4: "mqtt" is selected; 3.1 clients know it by its old name. */
    @Statement({"MQTT-6.0.0-3", "MQTT-6.0.0-4", "v3:MQTT-6.0.0-3", "v3:MQTT-6.0.0-4"})
    @Test
    void subprotocols() throws IOException {
        for (String offered : new String[] {"mqtt", "mqttv3.1"}) {
            try (WebSocketSocket socket = new WebSocketSocket(broker.webSocketPort(), offered, 100, false)) {
                assertThat(socket.response().toLowerCase(Locale.ROOT))
                        .startsWith("http/1.1 101")
                        .contains("sec-websocket-protocol: " + offered + "\r\n");
            }
        }
        try (WebSocketSocket socket = new WebSocketSocket(broker.webSocketPort(), "amqp", 100, false)) {
            assertThat(socket.response()).startsWith("HTTP/1.1 400");
        }
    }

    /** Large packets both ways, and messages between the transports at each QoS. */
    @ParameterizedTest
    @EnumSource
    void betweenTransports(MqttVersion version) throws IOException {
        String topic = Steps.unique("ws/");
        WebSocketSocket socket = new WebSocketSocket(broker.webSocketPort(), "mqtt", 1000, false);
        try (MqttRawClient web = client(socket, version);
                MqttRawClient tcp = MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"))) {
            web.connect(Steps.unique("c"), true).expectAccepted();
            Steps.subscribe(web, topic + "/w", 2);
            Steps.subscribe(tcp, topic + "/t", 2);
            for (int size : new int[] {0, 100, 5_000, 300_000}) {
                for (int qos = 0; qos <= 2; qos++) {
                    Steps.publish(tcp, topic + "/w", "x".repeat(size), qos);
                    Steps.receive(web, topic + "/w", "x".repeat(size), qos);
                    Steps.publish(web, topic + "/t", "y".repeat(size), qos);
                    Steps.receive(tcp, topic + "/t", "y".repeat(size), qos);
                }
            }
            Steps.leave(web);
        }
    }

    /** A fault is told in MQTT's own words before the connection closes. */
    @Test
    void faultsAreTold() throws IOException {
        WebSocketSocket socket = new WebSocketSocket(broker.webSocketPort(), "mqtt", 3, false);
        try (MqttRawClient client = client(socket, MqttVersion.V5)) {
            client.connect(Steps.unique("c"), true).expectAccepted();
            client.raw().sendHex("0000");
            client.expectDisconnect(ReasonCode.MALFORMED_PACKET);
        }
    }

    /** 6.0.0-1: another kind of data frame closes the connection, and the will goes out. */
    @Statement({"MQTT-6.0.0-1", "v3:MQTT-6.0.0-1"})
    @Test
    void textFramesClose() throws IOException {
        String topic = Steps.unique("will/");
        WebSocketSocket socket = new WebSocketSocket(broker.webSocketPort(), "mqtt", 1000, false);
        try (MqttRawClient client = client(socket, MqttVersion.V5);
                MqttRawClient watcher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("c"))) {
            Steps.subscribe(watcher, topic, 0);
            client.connect(
                            Steps.unique("c"),
                            true,
                            Steps.will(topic, "gone", 0, false, MqttProperties.NONE),
                            MqttProperties.NONE)
                    .expectAccepted();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            WebSocketSocket.frame(text, 0x81, new byte[] {(byte) 0xC0, 0}, 0, 2);
            socket.beneath().write(text.toByteArray());
            client.expectClose();
            watcher.expectPublish(topic, "gone");
        }
    }
}
