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
import io.robustmq.mqtt.codec.KeptWill;
import io.robustmq.mqtt.codec.Will;
import io.robustmq.mqtt.rules.RuleClient;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the will of a client that is gone. Immutable; called on the loop that is named. */
public final class WillPublish {
    private static final Logger LOG = LoggerFactory.getLogger(WillPublish.class);

    private final MqttServices services;
    private final ClientIdentity client;
    private final Object origin;
    private final Will will;

    /** @param origin the session, which may not want its own messages */
    WillPublish(MqttServices services, ClientIdentity client, Object origin, Will will) {
        this.services = services;
        this.client = client;
        this.origin = origin;
        this.will = will;
    }

    /** Publishes what the coordinator of a session has kept; completes when it is published, or can never be. */
    public static CompletionStage<Void> kept(MqttServices services, String tenant, String clientId, byte[] message) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        Loop loop = services.ports().loops().get(0);
        loop.execute(() -> {
            try {
                KeptWill kept = KeptWill.decode(message);
                ClientIdentity said =
                        new ClientIdentity(tenant, "mqtt", clientId, kept.userName(), kept.remoteAddress());
                // What the log-in brought is gone with its connection; that it was not the cluster's own user is not.
                ClientIdentity identity =
                        kept.vouched() ? said.with(Grants.builder().build()) : said;
                new WillPublish(services, identity, new Object(), kept.will())
                        .publish(loop, () -> published.complete(null));
            } catch (RuntimeException e) {
                LOG.error("the will of '{}' cannot be published", clientId, e);
                published.complete(null);
            }
        });
        return published;
    }

    /** @param done told when it is published, or has failed */
    void publish(Loop loop, Runnable done) {
        Publisher publisher = services.ports()
                .publish()
                .open(client, "mqtt", Spelling.SLASH, origin, loop, (token, offset, error) -> {
                    report(error);
                    done.run();
                });
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
        RuleClient known = new RuleClient(client.clientId(), client.userName(), client.remoteAddress(), 0);
        RmqError refusal = new PublishTopics(services, client.tenant(), known).resolve(message);
        RmqError failure = refusal == null ? publisher.publish(message) : refusal;
        report(failure);
        if (failure != null || will.qos() == 0) {
            done.run();
        }
    }

    private void report(@org.jspecify.annotations.Nullable RmqError error) {
        if (error != null) {
            LOG.warn("the will of '{}' was not published to '{}': {}", client.clientId(), will.topic(), error);
        }
    }
}
