/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.NodeFolder;
import io.robustmq.mqtt.clients.TestClient.Extras;
import io.robustmq.mqtt.clients.TestClient.Message;
import io.robustmq.mqtt.clients.TestClient.Pair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process with the clients of another language in it: Node.js with MQTT.js (src/test/clients/mqttjs), or Python with Paho
 * (src/test/clients/paho-python). Thread-safe: one thread reads what it says.
 */
final class MqttJs implements AutoCloseable {
    private final Process process;
    private final Writer requests;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, MqttJsClient> clients = new ConcurrentHashMap<>();

    private MqttJs(Process process) {
        this.process = process;
        this.requests = process.outputWriter();
        Thread reader = new Thread(this::read, "mqttjs-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it; without Node.js on this machine the test is skipped. */
    static MqttJs start() throws Exception {
        return new MqttJs(NodeFolder.of("mqttjs")
                .program("driver.js")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Python with Paho, as Debian has them; without them on this machine the test is skipped. */
    static MqttJs python() throws Exception {
        Process probe = new ProcessBuilder("/usr/bin/python3", "-c", "import paho.mqtt")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(
                probe.waitFor(1, TimeUnit.MINUTES) && probe.exitValue() == 0,
                "Paho for Python is not installed and not tested (apt-get install python3-paho-mqtt)");
        return new MqttJs(new ProcessBuilder("/usr/bin/python3", "src/test/clients/paho-python/driver.py")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    void add(String name, MqttJsClient client) {
        clients.put(name, client);
    }

    JsonNode call(String request, String client, Map<String, ?> arguments) throws Exception {
        long id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", id);
        line.put("request", request);
        line.put("client", client);
        line.putAll(arguments);
        synchronized (requests) {
            requests.write(JsonMapper.shared().writeValueAsString(line) + "\n");
            requests.flush();
        }
        return answer.get(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                handle(JsonMapper.shared().readTree(line));
            }
        } catch (IOException e) {
            // The end of the process, told below.
        }
        waiting.values()
                .forEach(answer -> answer.completeExceptionally(new IOException("the clients' process has ended")));
    }

    private void handle(JsonNode line) {
        if (line.has("id")) {
            CompletableFuture<JsonNode> answer = waiting.remove(line.path("id").asLong());
            if (line.has("error")) {
                answer.completeExceptionally(new IOException(line.path("error").asString()));
            } else {
                answer.complete(line.path("result"));
            }
            return;
        }
        MqttJsClient client = clients.get(line.path("client").asString());
        if (line.path("event").asString().equals("lost")) {
            client.lost().complete(line.path("reason").asInt());
        } else {
            client.received()
                    .add(new Message(
                            line.path("topic").asString(),
                            Base64.getDecoder().decode(line.path("payload").asString()),
                            line.path("qos").asInt(),
                            line.path("retained").asBoolean(),
                            extras(line.path("extras"))));
        }
    }

    static Map<String, Object> json(Message message, boolean withExtras) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("topic", message.topic());
        json.put("payload", Base64.getEncoder().encodeToString(message.payload()));
        json.put("qos", message.qos());
        json.put("retained", message.retained());
        json.put("extras", withExtras ? message.extras() : null);
        return json;
    }

    private static Extras extras(JsonNode json) {
        List<Pair> user = new ArrayList<>();
        json.path("user")
                .forEach(pair -> user.add(new Pair(
                        pair.path("name").asString(), pair.path("value").asString())));
        return new Extras(
                json.path("text").asBoolean(),
                json.path("expirySeconds").isNull()
                        ? null
                        : json.path("expirySeconds").asLong(),
                text(json, "contentType"),
                text(json, "responseTopic"),
                text(json, "correlation"),
                user);
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.path(name).isNull() ? null : json.path(name).asString();
    }

    @Override
    public void close() throws Exception {
        requests.close();
        if (!process.waitFor(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the clients' process did not end");
        }
    }
}
