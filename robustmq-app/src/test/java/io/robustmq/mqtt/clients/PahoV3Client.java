/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;

/** Eclipse Paho for MQTT 3.1 and 3.1.1. Used by the test's thread; the queue and the future are thread-safe. */
final class PahoV3Client implements TestClient, MqttCallback {
    private final Transport transport;
    private final int version;
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> lost = new CompletableFuture<>();
    private @Nullable MqttAsyncClient client;

    /** @param version one of MqttConnectOptions.MQTT_VERSION_3_1 and MQTT_VERSION_3_1_1 */
    PahoV3Client(Transport transport, int version) {
        this.transport = transport;
        this.version = version;
    }

    @Override
    public boolean connect(Login login) throws MqttException {
        client = new MqttAsyncClient(
                transport.url(login.port(), "tcp", "ssl"), login.clientId(), new MemoryPersistence());
        client.setCallback(this);
        MqttConnectOptions options = new MqttConnectOptions();
        if (transport.isSecure()) {
            options.setSocketFactory(Trust.INSTANCE.client().getSocketFactory());
        }
        options.setMqttVersion(version);
        options.setCleanSession(login.cleanStart());
        options.setMaxInflight(1000);
        Message will = login.will();
        if (will != null) {
            options.setWill(will.topic(), will.payload(), will.qos(), will.retained());
        }
        IMqttToken token = client.connect(options);
        token.waitForCompletion(TIMEOUT.toMillis());
        return token.getSessionPresent();
    }

    @Override
    public int subscribe(String filter, int qos) throws MqttException {
        IMqttToken token = client.subscribe(filter, qos);
        token.waitForCompletion(TIMEOUT.toMillis());
        return token.getGrantedQos()[0];
    }

    @Override
    public void unsubscribe(String filter) throws MqttException {
        client.unsubscribe(filter).waitForCompletion(TIMEOUT.toMillis());
    }

    @Override
    public void publish(List<Message> messages) throws MqttException {
        List<IMqttToken> tokens = new ArrayList<>();
        for (Message message : messages) {
            tokens.add(client.publish(message.topic(), message.payload(), message.qos(), message.retained()));
        }
        for (IMqttToken token : tokens) {
            token.waitForCompletion(TIMEOUT.toMillis());
        }
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
    public void disconnect() throws MqttException {
        client.disconnect().waitForCompletion(TIMEOUT.toMillis());
    }

    @Override
    public void close() throws MqttException {
        if (client != null) {
            if (client.isConnected()) {
                disconnect();
            }
            client.close(true);
        }
    }

    @Override
    public void connectionLost(Throwable cause) {
        lost.complete(-1);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        received.add(new Message(topic, message.getPayload(), message.getQos(), message.isRetained(), Extras.NONE));
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // The tokens are waited for.
    }
}
