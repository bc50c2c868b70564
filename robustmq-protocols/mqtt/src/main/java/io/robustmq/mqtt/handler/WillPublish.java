/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.Will;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.mqtt.session.MqttSession;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the will of a client that is gone. Immutable; called on the session's loop. */
final class WillPublish implements Consumer<Loop> {
    private static final Logger LOG = LoggerFactory.getLogger(WillPublish.class);

    private final MqttServices services;
    private final ClientIdentity client;
    private final MqttSession session;
    private final Will will;

    WillPublish(MqttServices services, ClientIdentity client, MqttSession session, Will will) {
        this.services = services;
        this.client = client;
        this.session = session;
        this.will = will;
    }

    @Override
    public void accept(Loop loop) {
        Publisher publisher = services.ports()
                .publish()
                .open(client, "mqtt", Spelling.SLASH, session, loop, (token, offset, error) -> report(error));
        ByteBuf topic = Unpooled.wrappedBuffer(will.topic().getBytes(StandardCharsets.UTF_8));
        ByteBuf payload = Unpooled.wrappedBuffer(will.payload());
        Publish message = new Publish()
                .begin(topic, 0, topic.readableBytes())
                .payload(payload, 0, will.payload().length)
                .qos(will.qos())
                .retain(will.retain())
                .token(will.qos() > 0 ? 0 : Publish.NO_TOKEN);
        MqttMessageProperties.ofWill(will.properties(), services.ports().clock().millis())
                .applyTo(message);
        RmqError refusal = DelayedTopic.owns(will.topic())
                ? DelayedTopic.apply(message, services.ports().clock().millis())
                : null;
        report(refusal == null ? publisher.publish(message) : refusal);
    }

    private void report(@org.jspecify.annotations.Nullable RmqError error) {
        if (error != null) {
            LOG.warn("the will of '{}' was not published to '{}': {}", client.clientId(), will.topic(), error);
        }
    }
}
