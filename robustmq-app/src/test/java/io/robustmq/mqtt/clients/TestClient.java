/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the common scenario asks of a client library. An adapter changes nothing about its library: no patch, no private
 * method. Used by the test's thread; what arrives is handed over through thread-safe types.
 */
public interface TestClient extends AutoCloseable {
    /** For every single step; far more than any step takes on a busy machine. */
    Duration TIMEOUT = Duration.ofSeconds(20);

    /**
     * How to connect.
     *
     * @param cleanStart false keeps the session for some minutes after the connection
     */
    record Login(
            int port,
            String clientId,
            boolean cleanStart,
            @Nullable Message will) {}

    /**
     * A message, sent or received.
     *
     * @param retained as the receiver is told; to be retained, for the sender
     * @param extras {@link Extras#NONE} for MQTT 3
     */
    record Message(String topic, byte[] payload, int qos, boolean retained, Extras extras) {
        public static Message of(String topic, String text, int qos) {
            return new Message(topic, text.getBytes(StandardCharsets.UTF_8), qos, false, Extras.NONE);
        }

        Message retain() {
            return new Message(topic, payload, qos, true, extras);
        }

        Message with(Extras more) {
            return new Message(topic, payload, qos, retained, more);
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** For comparison: topic=text@qos, and an exclamation mark when retained. */
        @Override
        public String toString() {
            return topic + "=" + (payload.length > 100 ? payload.length + " bytes" : text()) + "@" + qos
                    + (retained ? "!" : "");
        }
    }

    /** The properties of an MQTT 5 message. */
    record Extras(
            boolean text,
            @Nullable Long expirySeconds,
            @Nullable String contentType,
            @Nullable String responseTopic,
            @Nullable String correlation,
            List<Pair> user) {
        static final Extras NONE = new Extras(false, null, null, null, null, List.of());
    }

    /** A user property; their order counts and names may repeat. */
    record Pair(String name, String value) {}

    /** Connects and answers whether the broker had a session. */
    boolean connect(Login login) throws Exception;

    /** Subscribes and answers the granted QoS. */
    int subscribe(String filter, int qos) throws Exception;

    void unsubscribe(String filter) throws Exception;

    /** Sends all without waiting in between, then waits until the last one is acknowledged as its QoS demands. */
    void publish(List<Message> messages) throws Exception;

    /** What has arrived and nobody has taken yet, in order of arrival. */
    BlockingQueue<Message> received();

    /** Done when the connection ended without the client's wish: the reason code of the server's DISCONNECT, or -1. */
    CompletableFuture<Integer> lost();

    /** Says goodbye. */
    void disconnect() throws Exception;

    /** Frees what the library holds, whatever state it is in. */
    @Override
    void close() throws Exception;
}
