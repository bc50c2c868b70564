/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;

/** Eclipse Paho for MQTT 5. Used by the test's thread; the queue and the future are thread-safe. */
final class PahoV5Client implements TestClient, MqttCallback {
    /** Held, because loggers of the JDK forget their level otherwise; it reports every PUBCOMP as news. */
    private static final Logger PAHO = Logger.getLogger("org.eclipse.paho.mqttv5");

    static {
        PAHO.setLevel(Level.WARNING);
    }

    private static final int SERVER_REASONS = 0x80;

    private final Transport transport;
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> lost = new CompletableFuture<>();
    private @Nullable MqttAsyncClient client;

    PahoV5Client(Transport transport) {
        this.transport = transport;
    }

    @Override
    public boolean connect(Login login) throws MqttException {
        client = new MqttAsyncClient(
                transport.url(login.port(), "tcp", "ssl"), login.clientId(), new MemoryPersistence());
        client.setCallback(this);
        MqttConnectionOptions options = new MqttConnectionOptions();
        if (transport.isSecure()) {
            options.setSocketFactory(Trust.INSTANCE.client().getSocketFactory());
        }
        options.setCleanStart(login.cleanStart());
        options.setSessionExpiryInterval(login.cleanStart() ? 0L : 300L);
        Message will = login.will();
        if (will != null) {
            options.setWill(will.topic(), message(will));
        }
        IMqttToken token = client.connect(options);
        token.waitForCompletion(TIMEOUT.toMillis());
        return token.getSessionPresent();
    }

    private static MqttMessage message(Message message) {
        MqttMessage paho = new MqttMessage(message.payload());
        paho.setQos(message.qos());
        paho.setRetained(message.retained());
        Extras extras = message.extras();
        if (!extras.equals(Extras.NONE)) {
            MqttProperties properties = new MqttProperties();
            properties.setPayloadFormat(extras.text());
            properties.setMessageExpiryInterval(extras.expirySeconds());
            properties.setContentType(extras.contentType());
            properties.setResponseTopic(extras.responseTopic());
            if (extras.correlation() != null) {
                properties.setCorrelationData(extras.correlation().getBytes(StandardCharsets.UTF_8));
            }
            properties.setUserProperties(extras.user().stream()
                    .map(pair -> new UserProperty(pair.name(), pair.value()))
                    .toList());
            paho.setProperties(properties);
        }
        return paho;
    }

    private static Extras extras(MqttProperties properties) {
        byte[] correlation = properties.getCorrelationData();
        return new Extras(
                properties.getPayloadFormat(),
                properties.getMessageExpiryInterval(),
                properties.getContentType(),
                properties.getResponseTopic(),
                correlation == null ? null : new String(correlation, StandardCharsets.UTF_8),
                properties.getUserProperties().stream()
                        .map(property -> new Pair(property.getKey(), property.getValue()))
                        .toList());
    }

    @Override
    public int subscribe(String filter, int qos) throws MqttException {
        IMqttToken token = client.subscribe(filter, qos);
        token.waitForCompletion(TIMEOUT.toMillis());
        return token.getReasonCodes()[0];
    }

    @Override
    public void unsubscribe(String filter) throws MqttException {
        client.unsubscribe(filter).waitForCompletion(TIMEOUT.toMillis());
    }

    @Override
    public void publish(List<Message> messages) throws MqttException {
        List<IMqttToken> tokens = new ArrayList<>();
        for (Message message : messages) {
            tokens.add(client.publish(message.topic(), message(message)));
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
    public void disconnected(MqttDisconnectResponse response) {
        // The library reports its own goodbye here as well, without an exception.
        int reason = response.getReturnCode();
        if (reason >= SERVER_REASONS) {
            lost.complete(reason);
        } else if (response.getException() != null) {
            lost.complete(-1);
        }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        received.add(new Message(
                topic, message.getPayload(), message.getQos(), message.isRetained(), extras(message.getProperties())));
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        // What matters ends the connection or fails a token.
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // The tokens are waited for.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // The token is waited for.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // Nobody authenticates in steps here.
    }
}
