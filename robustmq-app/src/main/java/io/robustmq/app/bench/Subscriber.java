/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receives, acknowledges and checks. Confined to the loop of its lane. */
final class Subscriber extends MqttClient {
    /** Numbers of publishers beyond are another generator's; their messages are counted, not checked. */
    private static final int PUBLISHERS_MAX = 1 << 16;

    private final Lane lane;
    private final int number;
    private final String filter;
    private final int qos;
    private final boolean durable;
    private @Nullable SequenceCheck[] checks = new SequenceCheck[16];

    Subscriber(Lane lane, Plan plan, int number, String runId, boolean durable) {
        super(plan.version(), "bench-" + runId + "-s" + number);
        this.lane = lane;
        this.number = number;
        this.filter = plan.filter(number);
        this.qos = plan.qos();
        this.durable = durable;
    }

    @Override
    boolean isDurable() {
        return durable;
    }

    int number() {
        return number;
    }

    @Override
    void accepted() {
        ByteBuf out = context().alloc().ioBuffer(128);
        MqttClientEncoder.subscribe(
                out, version, 1, List.of(new SubscriptionRequest(filter, qos)), MqttProperties.NONE);
        context().writeAndFlush(out);
    }

    @Override
    public void onSubAck(SubAck subAck) {
        int granted = subAck.reasonCodes().get(0);
        if (granted != qos) {
            failed(Failure.subscription(version, filter, qos, granted));
            return;
        }
        becomeReady();
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
        } else if (messageQos == 2) {
            MqttEncoder.pubRec(replies(), version, packetId, 0);
        }
        if (!Payload.isOurs(buffer, payloadOffset, payloadLength)) {
            lane.receivedForeign(payloadLength);
            return;
        }
        int publisher = Payload.publisher(buffer, payloadOffset);
        long sequence = Payload.sequence(buffer, payloadOffset);
        if (publisher >= 0 && publisher < PUBLISHERS_MAX && !check(publisher).accept(sequence)) {
            return;
        }
        long intended = Payload.intendedNanos(buffer, payloadOffset);
        lane.received(publisher, sequence, readNanos - intended, payloadLength);
    }

    @Override
    public void onPubRel(int packetId, int reasonCode) {
        MqttEncoder.pubComp(replies(), version, packetId, 0);
    }

    private SequenceCheck check(int publisher) {
        if (publisher >= checks.length) {
            checks = Arrays.copyOf(checks, Integer.highestOneBit(publisher) << 1);
        }
        SequenceCheck check = checks[publisher];
        if (check == null) {
            check = new SequenceCheck(lane.hasPublishers());
            checks[publisher] = check;
        }
        return check;
    }

    /** Adds what this subscriber has seen go wrong. */
    void addFaults(Faults faults) {
        for (int publisher = 0; publisher < checks.length; publisher++) {
            SequenceCheck check = checks[publisher];
            if (check != null) {
                long sent = lane.sentBy(publisher);
                faults.add(sent < 0 ? check.missing() : check.lost(sent), check.duplicated(), check.reordered());
            }
        }
    }

    /** Whether a message of the publisher has ever arrived. */
    boolean heardOf(int publisher) {
        return publisher < checks.length && checks[publisher] != null;
    }
}
