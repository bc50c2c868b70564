/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.sys;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.PublishedSubject;
import java.nio.charset.StandardCharsets;

/**
 * Tells of clients that come, go, subscribe and unsubscribe, under EMQX's names and in JSON. Nothing is made while nobody has
 * subscribed to it. Stateless; called on the connection's loop.
 */
public final class SysEvents {
    private final SysTopics topics;
    private final String root;

    SysEvents(SysTopics topics, String node) {
        this.topics = topics;
        this.root = "$SYS/brokers/" + level(node) + "/clients/";
    }

    /** An id as one level: what separates levels and what is a wildcard is percent-encoded. */
    static String level(String id) {
        if (id.indexOf('/') < 0 && id.indexOf('+') < 0 && id.indexOf('#') < 0 && id.indexOf('%') < 0) {
            return id;
        }
        return id.replace("%", "%25").replace("/", "%2F").replace("+", "%2B").replace("#", "%23");
    }

    public void connected(
            Loop loop,
            ClientIdentity client,
            MqttVersion version,
            int keepAliveSeconds,
            boolean cleanStart,
            long expirySeconds,
            long nowMillis) {
        String subject = subject(client, "connected");
        if (topics.isHeard(subject)) {
            tell(
                    loop,
                    subject,
                    SysJson.of(client, version)
                            .put("keepalive", keepAliveSeconds)
                            .put("clean_start", cleanStart)
                            .put("expiry_interval", expirySeconds)
                            .put("connected_at", nowMillis)
                            .put("ts", nowMillis));
        }
    }

    /** @param reason in one word */
    public void disconnected(
            Loop loop, ClientIdentity client, MqttVersion version, String reason, long connectedMillis) {
        String subject = subject(client, "disconnected");
        if (topics.isHeard(subject)) {
            long now = topics.source().ports().clock().millis();
            tell(
                    loop,
                    subject,
                    SysJson.of(client, version)
                            .put("reason", reason)
                            .put("connected_at", connectedMillis)
                            .put("disconnected_at", now)
                            .put("ts", now));
        }
    }

    public void subscribed(Loop loop, ClientIdentity client, MqttVersion version, SubscriptionRequest request) {
        String subject = subject(client, "subscribed");
        if (topics.isHeard(subject)) {
            tell(
                    loop,
                    subject,
                    SysJson.of(client, version)
                            .put("topic", request.filter())
                            .put("qos", request.qos())
                            .put("nl", request.noLocal())
                            .put("rap", request.retainAsPublished())
                            .put("rh", request.retainHandling())
                            .put("ts", topics.source().ports().clock().millis()));
        }
    }

    public void unsubscribed(Loop loop, ClientIdentity client, MqttVersion version, String filter) {
        String subject = subject(client, "unsubscribed");
        if (topics.isHeard(subject)) {
            tell(
                    loop,
                    subject,
                    SysJson.of(client, version)
                            .put("topic", filter)
                            .put("ts", topics.source().ports().clock().millis()));
        }
    }

    private String subject(ClientIdentity client, String event) {
        return root + level(client.clientId()) + "/" + event;
    }

    private void tell(Loop loop, String subject, SysJson event) {
        topics.tell(
                loop,
                new PublishedSubject(Spelling.SLASH, subject),
                event.toString().getBytes(StandardCharsets.UTF_8));
    }
}
