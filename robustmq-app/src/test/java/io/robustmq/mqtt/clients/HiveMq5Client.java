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
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PayloadFormatIndicator;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The HiveMQ client, MQTT 5. Used by the test's thread; the queue and the future are thread-safe. */
public final class HiveMq5Client implements TestClient {
    private final Transport transport;
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> lost = new CompletableFuture<>();
    private @Nullable Mqtt5AsyncClient client;

    public HiveMq5Client(Transport transport) {
        this.transport = transport;
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public boolean connect(Login login) throws Exception {
        Mqtt5ClientBuilder builder = MqttClient.builder()
                .useMqttVersion5()
                .identifier(login.clientId())
                .serverHost("127.0.0.1")
                .serverPort(login.port())
                .addDisconnectedListener(context -> {
                    if (context.getSource() != MqttDisconnectSource.USER) {
                        lost.complete(
                                context.getSource() == MqttDisconnectSource.SERVER
                                                && context.getCause() instanceof Mqtt5DisconnectException told
                                        ? told.getMqttMessage().getReasonCode().getCode()
                                        : -1);
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
                        extras(publish))));
        Mqtt5ConnectBuilder connect = Mqtt5Connect.builder()
                .cleanStart(login.cleanStart())
                .sessionExpiryInterval(login.cleanStart() ? 0 : 300);
        Message will = login.will();
        if (will != null) {
            connect = connect.willPublish(message(will));
        }
        return await(client.connect(connect.build())).isSessionPresent();
    }

    private static Mqtt5Publish message(Message message) {
        Mqtt5PublishBuilder.Complete builder = Mqtt5Publish.builder()
                .topic(message.topic())
                .payload(message.payload())
                .qos(MqttQos.fromCode(message.qos()))
                .retain(message.retained());
        Extras extras = message.extras();
        if (extras.text()) {
            builder = builder.payloadFormatIndicator(Mqtt5PayloadFormatIndicator.UTF_8);
        }
        if (extras.expirySeconds() != null) {
            builder = builder.messageExpiryInterval(extras.expirySeconds());
        }
        if (extras.correlation() != null) {
            builder = builder.correlationData(extras.correlation().getBytes(StandardCharsets.UTF_8));
        }
        return builder.contentType(extras.contentType())
                .responseTopic(extras.responseTopic())
                .userProperties(Mqtt5UserProperties.of(extras.user().stream()
                        .map(pair -> Mqtt5UserProperty.of(pair.name(), pair.value()))
                        .toList()))
                .build();
    }

    private static Extras extras(Mqtt5Publish publish) {
        return new Extras(
                publish.getPayloadFormatIndicator()
                        .filter(Mqtt5PayloadFormatIndicator.UTF_8::equals)
                        .isPresent(),
                publish.getMessageExpiryInterval().isPresent()
                        ? publish.getMessageExpiryInterval().getAsLong()
                        : null,
                publish.getContentType().map(Object::toString).orElse(null),
                publish.getResponseTopic().map(Object::toString).orElse(null),
                publish.getCorrelationData().map(HiveMq5Client::text).orElse(null),
                publish.getUserProperties().asList().stream()
                        .map(property -> new Pair(
                                property.getName().toString(),
                                property.getValue().toString()))
                        .toList());
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Override
    public int subscribe(String filter, int qos) throws Exception {
        return await(client.subscribeWith()
                        .topicFilter(filter)
                        .qos(MqttQos.fromCode(qos))
                        .send())
                .getReasonCodes()
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
