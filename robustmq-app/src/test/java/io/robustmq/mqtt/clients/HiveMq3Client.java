/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The HiveMQ client, MQTT 3.1.1. Used by the test's thread; the queue and the future are thread-safe. */
final class HiveMq3Client implements TestClient {
    private final Transport transport;
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> lost = new CompletableFuture<>();
    private @Nullable Mqtt3AsyncClient client;

    HiveMq3Client(Transport transport) {
        this.transport = transport;
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public boolean connect(Login login) throws Exception {
        Mqtt3ClientBuilder builder = MqttClient.builder()
                .useMqttVersion3()
                .identifier(login.clientId())
                .serverHost("127.0.0.1")
                .serverPort(login.port())
                .addDisconnectedListener(context -> {
                    if (context.getSource() != MqttDisconnectSource.USER) {
                        lost.complete(-1);
                    }
                });
        if (transport.isWebSocket()) {
            builder = builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        if (transport.isSecure()) {
            builder = builder.sslConfig()
                    .trustManagerFactory(Trust.INSTANCE.managers())
                    .applySslConfig();
        }
        client = builder.buildAsync();
        client.publishes(
                MqttGlobalPublishFilter.ALL,
                publish -> received.add(new Message(
                        publish.getTopic().toString(),
                        publish.getPayloadAsBytes(),
                        publish.getQos().getCode(),
                        publish.isRetain(),
                        Extras.NONE)));
        Mqtt3ConnectBuilder connect = Mqtt3Connect.builder().cleanSession(login.cleanStart());
        Message will = login.will();
        if (will != null) {
            connect = connect.willPublish(message(will));
        }
        return await(client.connect(connect.build())).isSessionPresent();
    }

    private static Mqtt3Publish message(Message message) {
        return Mqtt3Publish.builder()
                .topic(message.topic())
                .payload(message.payload())
                .qos(MqttQos.fromCode(message.qos()))
                .retain(message.retained())
                .build();
    }

    @Override
    public int subscribe(String filter, int qos) throws Exception {
        return await(client.subscribeWith()
                        .topicFilter(filter)
                        .qos(MqttQos.fromCode(qos))
                        .send())
                .getReturnCodes()
                .get(0)
                .getCode();
    }

    @Override
    public void unsubscribe(String filter) throws Exception {
        await(client.unsubscribeWith().topicFilter(filter).send());
    }

    @Override
    public void publish(List<Message> messages) throws Exception {
        await(CompletableFuture.allOf(messages.stream()
                .map(message -> client.publish(message(message)))
                .toArray(CompletableFuture[]::new)));
    }

    @Override
    public BlockingQueue<Message> received() {
        return received;
    }

    @Override
    public CompletableFuture<Integer> lost() {
        return lost;
    }

    @Override
    public void disconnect() throws Exception {
        await(client.disconnect());
    }

    @Override
    public void close() throws Exception {
        if (client != null && !lost.isDone() && client.getState() == MqttClientState.CONNECTED) {
            disconnect();
        }
    }
}
