/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A client in another process: MQTT.js, or Paho for Python. Used by the test's thread; the queue and the future are thread-safe. */
final class MqttJsClient implements TestClient {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final MqttJs node;
    private final Transport transport;
    private final int version;
    private final String name = "client-" + COUNT.incrementAndGet();
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> lost = new CompletableFuture<>();

    /** @param version 4 for MQTT 3.1.1, 5 for MQTT 5 */
    MqttJsClient(MqttJs node, Transport transport, int version) {
        this.node = node;
        this.transport = transport;
        this.version = version;
        node.add(name, this);
    }

    @Override
    public boolean connect(Login login) throws Exception {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("url", transport.url(login.port(), "mqtt", "mqtts"));
        arguments.put("ca", transport.isSecure() ? Trust.INSTANCE.certificate().toString() : null);
        arguments.put("version", version);
        arguments.put("clientId", login.clientId());
        arguments.put("clean", login.cleanStart());
        Message will = login.will();
        arguments.put("will", will == null ? null : MqttJs.json(will, false));
        return node.call("connect", name, arguments).path("sessionPresent").asBoolean();
    }

    @Override
    public int subscribe(String filter, int qos) throws Exception {
        return node.call("subscribe", name, Map.of("filter", filter, "qos", qos))
                .path("qos")
                .asInt();
    }

    @Override
    public void unsubscribe(String filter) throws Exception {
        node.call("unsubscribe", name, Map.of("filter", filter));
    }

    @Override
    public void publish(List<Message> messages) throws Exception {
        List<Map<String, Object>> list = messages.stream()
                .map(message -> MqttJs.json(message, !message.extras().equals(Extras.NONE)))
                .toList();
        node.call("publish", name, Map.of("messages", list));
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
        node.call("disconnect", name, Map.of());
    }

    @Override
    public void close() throws Exception {
        disconnect();
    }
}
