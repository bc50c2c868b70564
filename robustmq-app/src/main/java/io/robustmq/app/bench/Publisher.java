/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.OutboundPublish;
import java.nio.charset.StandardCharsets;

/**
 * Sends as much as its window, or its schedule, allows, many messages in one buffer. Confined to the loop of its lane.
 */
final class Publisher extends MqttClient {
    private static final int BURST_BYTES = 64 * 1024;
    /** Packet identifiers in use are bounded whatever the schedule demands. */
    private static final int NOT_AUTHORIZED = 0x87;

    private static final int UNACKNOWLEDGED_MAX = 60_000;

    private final Plan plan;
    private final Lane lane;
    private final int number;
    private final byte[] template;
    private final int packetIdAt;
    private final int payloadAt;
    private final short[] receiversLeft;
    private long sent;
    private long acknowledged;
    private long delivered;
    private long forgivenBefore;
    private long refused;
    private int unacknowledgedMax;

    private long scheduleStart;
    private long scheduleStepNanos;
    private boolean running;
    private boolean queued;

    Publisher(Lane lane, Plan plan, int number, String runId) {
        super(plan.version(), "bench-" + runId + "-p" + number);
        this.plan = plan;
        this.lane = lane;
        this.number = number;
        byte[] topic = plan.topic(number).getBytes(StandardCharsets.UTF_8);
        byte[] payload = Payload.template(plan.size(), number);
        ByteBuf packet = Unpooled.buffer();
        MqttEncoder.publish(
                packet,
                plan.version(),
                new OutboundPublish()
                        .flags(plan.qos(), false, false, 1)
                        .topic(Unpooled.wrappedBuffer(topic), 0, topic.length)
                        .payload(Unpooled.wrappedBuffer(payload), 0, payload.length));
        this.template = new byte[packet.readableBytes()];
        packet.readBytes(template);
        this.payloadAt = template.length - payload.length;
        int properties = plan.version().hasProperties() ? 1 : 0;
        this.packetIdAt = payloadAt - properties - 2;
        int slots = plan.receivers() > 1 ? Integer.highestOneBit(Math.max(1, slotsNeeded(plan)) * 2 - 1) : 1;
        this.receiversLeft = new short[slots];
    }

    private static int slotsNeeded(Plan plan) {
        return plan.window() > 0 ? plan.window() : UNACKNOWLEDGED_MAX;
    }

    @Override
    void accepted() {
        unacknowledgedMax = Math.min(UNACKNOWLEDGED_MAX, receiveMaximum());
        if (plan.window() > 0 && !plan.openLoop()) {
            unacknowledgedMax = Math.min(unacknowledgedMax, plan.window());
        }
        becomeReady();
    }

    int number() {
        return number;
    }

    long sent() {
        return sent;
    }

    long acknowledged() {
        return acknowledged;
    }

    long refused() {
        return refused;
    }

    /** Whether nothing is under way any more, as far as we can know. */
    boolean idle() {
        return (plan.receivers() == 0 || delivered >= sent) && (plan.qos() == 0 || acknowledged >= sent);
    }

    /** @param stepNanos between messages of this publisher, 0 without a schedule */
    void start(long startNanos, long stepNanos) {
        scheduleStart = startNanos;
        scheduleStepNanos = stepNanos;
        running = true;
        pump();
    }

    void stop() {
        running = false;
    }

    /** When the next message is to be sent; only with a schedule. */
    long dueNanos() {
        return scheduleStart + sent * scheduleStepNanos;
    }

    /** One of our subscribers has the message. */
    void deliveredOne(long sequence) {
        if (sequence < forgivenBefore) {
            return;
        }
        if (plan.receivers() == 1) {
            delivered++;
        } else if (--receiversLeft[(int) sequence & receiversLeft.length - 1] == 0) {
            delivered++;
        } else {
            return;
        }
        lane.queue(this);
    }

    /** Gives up on what is under way, so that a loss does not close the window for good. */
    void forgive() {
        forgivenBefore = sent;
        delivered = sent;
        lane.queue(this);
    }

    long delivered() {
        return delivered;
    }

    boolean markQueued() {
        boolean before = queued;
        queued = true;
        return !before;
    }

    /** Sends what may be sent now. */
    void pump() {
        queued = false;
        ChannelHandlerContext current = context();
        while (running && current.channel().isWritable()) {
            long now = System.nanoTime();
            long wanted = allowed(now);
            if (wanted <= 0) {
                return;
            }
            int messages = (int) Math.min(wanted, Math.max(1, BURST_BYTES / template.length));
            ByteBuf out = current.alloc().ioBuffer(messages * template.length);
            for (int i = 0; i < messages; i++) {
                write(out, plan.openLoop() ? dueNanos() : now);
            }
            lane.sent(messages);
            current.writeAndFlush(out, current.voidPromise());
        }
    }

    private long allowed(long now) {
        long allowed = Long.MAX_VALUE;
        if (plan.openLoop()) {
            allowed = now < scheduleStart ? 0 : (now - scheduleStart) / scheduleStepNanos + 1 - sent;
        } else if (plan.window() > 0 && plan.receivers() > 0) {
            allowed = plan.window() - (sent - delivered);
        }
        if (plan.receivers() > 1) {
            allowed = Math.min(allowed, receiversLeft.length - (sent - delivered));
        }
        return plan.qos() == 0 ? allowed : Math.min(allowed, unacknowledgedMax - (sent - acknowledged));
    }

    private void write(ByteBuf out, long intendedNanos) {
        int start = out.writerIndex();
        out.writeBytes(template);
        if (plan.qos() > 0) {
            out.setShort(start + packetIdAt, (int) (sent % 65_535) + 1);
        }
        Payload.stamp(out, start + payloadAt, sent, intendedNanos);
        if (plan.receivers() > 1) {
            receiversLeft[(int) sent & receiversLeft.length - 1] = (short) plan.receivers();
        }
        sent++;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (changed.channel().isWritable()) {
            lane.queue(this);
        }
    }

    @Override
    public void onPubAck(int packetId, int reasonCode) {
        completed(reasonCode);
    }

    @Override
    public void onPubRec(int packetId, int reasonCode) {
        if (reasonCode >= 0x80) {
            completed(reasonCode);
        } else {
            MqttEncoder.pubRel(replies(), version, packetId, 0);
        }
    }

    @Override
    public void onPubComp(int packetId, int reasonCode) {
        completed(reasonCode);
    }

    private void completed(int reasonCode) {
        acknowledged++;
        if (reasonCode >= 0x80) {
            refused++;
            if (reasonCode == NOT_AUTHORIZED) {
                failed(Failure.answered("the broker answers a publish", reasonCode));
            }
        }
        lane.queue(this);
    }
}
