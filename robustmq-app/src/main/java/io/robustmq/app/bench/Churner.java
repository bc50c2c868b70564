/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Subscribes to filters that nobody has had before, so many a second, each with a packet of its own, and leaves each a second
 * later. Confined to its loop.
 */
final class Churner extends MqttClient {
    private static final int STEP_MILLIS = 10;

    private final String base;
    private final int perSecond;
    private long beginNanos;
    private long subscribed;
    private long left;
    private long answered;

    Churner(MqttVersion version, String base, int perSecond, String runId) {
        super(version, "bench-" + runId + "-churn");
        this.base = base;
        this.perSecond = perSecond;
    }

    @Override
    void accepted() {
        becomeReady();
    }

    void start() {
        beginNanos = System.nanoTime();
        step();
    }

    /** How many subscriptions were acknowledged. */
    long answered() {
        return answered;
    }

    private void step() {
        if (!context().channel().isActive()) {
            return;
        }
        long due = (System.nanoTime() - beginNanos) * perSecond / TimeUnit.SECONDS.toNanos(1);
        ByteBuf out = replies();
        for (; subscribed < due; subscribed++) {
            SubscriptionRequest request = new SubscriptionRequest(filter(subscribed), 0);
            MqttClientEncoder.subscribe(out, version, packetId(subscribed), List.of(request), MqttProperties.NONE);
        }
        for (; left < due - perSecond; left++) {
            MqttClientEncoder.unsubscribe(out, version, packetId(left), List.of(filter(left)), MqttProperties.NONE);
        }
        flushReplies();
        context().executor().schedule(this::step, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Every other one with a wildcard. */
    private String filter(long number) {
        return base + "/" + number + (number % 2 == 0 ? "/+/state" : "/state");
    }

    private static int packetId(long number) {
        return (int) (number % 65_535) + 1;
    }

    @Override
    public void onSubAck(SubAck subAck) {
        if (subAck.reasonCodes().get(0) >= 0x80) {
            failed(Failure.subscription(
                    version, "filters of the storm", 0, subAck.reasonCodes().get(0)));
        } else {
            answered++;
        }
    }
}
