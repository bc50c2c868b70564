/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Gets a given number of messages that were there before, acknowledges them, and asks for a ping behind the last, so that the
 * server is known to have worked off the acknowledgements. Confined to its loop; what was counted is read when it has ended.
 */
final class BacklogReader extends MqttClient {
    private final boolean durable;
    private final int qos;
    private final int expected;
    private final BitSet seen = new BitSet();
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile int received;
    private int duplicated;

    BacklogReader(MqttVersion version, String clientId, boolean durable, int qos, int expected) {
        super(version, clientId);
        this.durable = durable;
        this.qos = qos;
        this.expected = expected;
    }

    @Override
    boolean isDurable() {
        return durable;
    }

    @Override
    void accepted() {
        becomeReady();
    }

    CompletableFuture<Void> subscribe(String filter) {
        context().executor().execute(() -> {
            MqttClientEncoder.subscribe(
                    replies(), version, 1, List.of(new SubscriptionRequest(filter, qos)), MqttProperties.NONE);
            flushReplies();
        });
        return subscribed;
    }

    /** Completes when everything has come and is acknowledged. */
    CompletableFuture<Void> done() {
        return done;
    }

    int received() {
        return received;
    }

    int duplicated() {
        return duplicated;
    }

    @Override
    public void onSubAck(SubAck subAck) {
        int granted = subAck.reasonCodes().get(0);
        if (granted == qos) {
            subscribed.complete(null);
        } else {
            BenchException refused = Failure.subscription(version, "the backlog", qos, granted);
            failed(refused);
            subscribed.completeExceptionally(refused);
        }
    }

    @Override
    public void onPublish(
            ByteBuf buffer,
            int messageQos,
            boolean dup,
            boolean retain,
            int packetId,
            int topicOffset,
            int topicLength,
            int propertiesOffset,
            int propertiesLength,
            int payloadOffset,
            int payloadLength,
            int topicAlias) {
        if (messageQos == 1) {
            MqttEncoder.pubAck(replies(), version, packetId, 0);
        }
        if (!Payload.isOurs(buffer, payloadOffset, payloadLength)) {
            return;
        }
        int sequence = (int) Payload.sequence(buffer, payloadOffset);
        if (seen.get(sequence)) {
            duplicated++;
            return;
        }
        seen.set(sequence);
        int now = received + 1;
        received = now;
        if (now == expected) {
            MqttClientEncoder.pingReq(replies());
        }
    }

    @Override
    public void onPingResp() {
        done.complete(null);
    }
}
