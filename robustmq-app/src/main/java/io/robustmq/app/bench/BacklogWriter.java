/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.OutboundPublish;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Publishes a given number of QoS 1 messages to topics in turn and knows when all are acknowledged. Confined to its loop. */
final class BacklogWriter extends MqttClient {
    private static final int WINDOW = 500;

    private final OutboundPublish packet = new OutboundPublish();
    private CompletableFuture<Void> done = new CompletableFuture<>();
    private String base = "";
    private int topics = 1;
    private int messages;
    private int size;
    private boolean retain;
    private int sent;
    private int acknowledged;

    BacklogWriter(MqttVersion version, String clientId) {
        super(version, clientId);
    }

    @Override
    void accepted() {
        becomeReady();
    }

    /**
     * Message i goes to topic {@code base/(i modulo topics)}.
     *
     * @param size of a payload; 0 clears what is retained
     */
    CompletableFuture<Void> write(String base, int topics, int messages, int size, boolean retain) {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        context().executor().execute(() -> {
            this.base = base;
            this.topics = topics;
            this.messages = messages;
            this.size = size;
            this.retain = retain;
            sent = 0;
            acknowledged = 0;
            done = asked;
            pump();
        });
        return asked;
    }

    private void pump() {
        int burst = Math.min(messages - sent, Math.min(WINDOW, receiveMaximum()) - (sent - acknowledged));
        if (burst <= 0) {
            return;
        }
        ByteBuf out = replies();
        for (int i = 0; i < burst; i++) {
            byte[] topic = (base + "/" + sent % topics).getBytes(StandardCharsets.UTF_8);
            ByteBuf payload = Unpooled.EMPTY_BUFFER;
            if (size > 0) {
                payload = Unpooled.wrappedBuffer(Payload.template(size, 0));
                Payload.stamp(payload, 0, sent, 0);
            }
            packet.clear()
                    .flags(1, false, retain, sent % 65_535 + 1)
                    .topic(Unpooled.wrappedBuffer(topic), 0, topic.length)
                    .payload(payload, 0, size);
            MqttEncoder.publish(out, version, packet);
            sent++;
        }
        flushReplies();
    }

    @Override
    public void onPubAck(int packetId, int reasonCode) {
        if (reasonCode >= 0x80) {
            BenchException refused = Failure.answered("the broker answers a publish", reasonCode);
            failed(refused);
            done.completeExceptionally(refused);
            return;
        }
        acknowledged++;
        if (acknowledged == messages) {
            done.complete(null);
        } else if (sent - acknowledged <= WINDOW / 2) {
            pump();
        }
    }
}
