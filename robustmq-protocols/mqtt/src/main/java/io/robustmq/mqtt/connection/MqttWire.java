/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.record.RecordBlock;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.OutboundPublish;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.session.MqttCounters;
import io.robustmq.mqtt.session.MqttLoop;
import io.robustmq.mqtt.session.Wire;
import io.robustmq.mqtt.sys.Traffic;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.Target;
import org.jspecify.annotations.Nullable;

/** Writes messages in the client's version and within its limits. Confined to the connection's loop. */
public final class MqttWire implements Wire {
    private static final String PROTOCOL = "mqtt";

    private final MqttConnection connection;
    private final Outbound outbound;
    private final MqttLoop loop;
    private final MqttCounters counters;
    private final MqttVersion version;
    private final int window;
    private final int packetBytesMax;
    private final boolean explains;
    private final @Nullable TopicAliases aliases;

    /**
     * @param window unacknowledged messages that the client takes at once
     * @param packetBytesMax largest packet that the client takes
     * @param explains whether the client wants reason strings ([MQTT-3.1.2-29])
     * @param aliasesMax topic aliases that may be used towards it ([MQTT-3.1.2-26]); 0 for none
     */
    public MqttWire(
            MqttConnection connection,
            MqttCounters counters,
            int window,
            int packetBytesMax,
            boolean explains,
            int aliasesMax) {
        this.connection = connection;
        this.outbound = connection.outbound();
        this.loop = connection.mqttLoop();
        this.counters = counters;
        this.version = connection.version();
        this.window = window;
        this.packetBytesMax = packetBytesMax;
        this.explains = explains;
        this.aliases = aliasesMax == 0 ? null : new TopicAliases(aliasesMax);
    }

    @Override
    public MqttVersion version() {
        return version;
    }

    @Override
    public Loop loop() {
        return loop.loop();
    }

    @Override
    public int window() {
        return window;
    }

    public boolean explains() {
        return explains;
    }

    public int packetBytesMax() {
        return packetBytesMax;
    }

    @Override
    public boolean hasRoom() {
        return outbound.hasRoom();
    }

    @Override
    public boolean isFlowing() {
        return outbound.isFlowing();
    }

    @Override
    public void writeQos0(PublishRun run, int from, int to, Target target) {
        ByteBuf out = outbound.buffer();
        boolean shareable = target.subscriptionIds().length == 0
                && packetBytesMax == Integer.MAX_VALUE
                && areTopicsSettled(run, from, to, target);
        // What one encoding depends on; the subject's spelling is always the slash here or there alike.
        int kind = (version == MqttVersion.V5 ? 1 : 0)
                | (target.retainAsPublished() ? 2 : 0)
                | (aliases == null ? 0 : aliases.count() << 2);
        Traffic traffic = loop.traffic();
        if (shareable && loop.copyEncoded(run, from, to, kind, out)) {
            counters.delivered.add(to - from);
            traffic.packetsSent += to - from;
            outbound.written();
            return;
        }
        int start = out.writerIndex();
        int written = 0;
        long payloadBytes = 0;
        for (int i = from; i < to; i++) {
            if (write(encode(run, i, 0, 0, target), out)) {
                written++;
                payloadBytes += run.payloadLength(i);
            }
        }
        counters.delivered.add(written);
        counters.droppedTooLarge.add(to - from - written);
        traffic.packetsSent += written;
        traffic.publishBytesSent += payloadBytes;
        if (shareable) {
            loop.encoded(run, from, to, kind, out, start, out.writerIndex() - start, payloadBytes);
        }
        outbound.written();
    }

    @Override
    public boolean write(PublishRun run, int i, int qos, int packetId, Target target) {
        return writePacket(encode(run, i, qos, packetId, target), run.payloadLength(i));
    }

    private boolean writePacket(PublishedSubject subject, int payloadBytes) {
        if (!write(subject, outbound.buffer())) {
            return false;
        }
        counters.delivered.increment();
        loop.traffic().packetsSent++;
        loop.traffic().publishBytesSent += payloadBytes;
        outbound.written();
        return true;
    }

    /** False when the loop's packet is too large for the client. */
    private boolean write(PublishedSubject subject, ByteBuf out) {
        OutboundPublish packet = loop.packet();
        TopicAliases known = aliases;
        int alias = known == null ? 0 : known.of(subject);
        if (alias > 0) {
            packet.topic(Unpooled.EMPTY_BUFFER, 0, 0);
        }
        packet.topicAlias(Math.abs(alias));
        if (packetBytesMax != Integer.MAX_VALUE && tooLarge()) {
            if (alias >= 0) {
                return false;
            }
            // The alias may be what does not fit.
            alias = 0;
            packet.topicAlias(0);
            if (tooLarge()) {
                return false;
            }
        }
        MqttEncoder.publish(out, version, packet);
        if (alias < 0 && known != null) {
            known.set(-alias, subject);
        }
        return true;
    }

    private boolean areTopicsSettled(PublishRun run, int from, int to, Target target) {
        TopicAliases known = aliases;
        if (known != null) {
            for (int i = from; i < to; i++) {
                if (!known.isSettled(run.subject(i).in(target.spelling()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean tooLarge() {
        return MqttEncoder.publishSize(version, loop.packet()) > packetBytesMax;
    }

    /** Fills the loop's packet and answers with its topic. */
    private PublishedSubject encode(PublishRun run, int i, int qos, int packetId, Target target) {
        OutboundPublish packet = loop.packet().clear();
        PublishedSubject subject = run.subject(i).in(target.spelling());
        packet.flags(qos, false, run.retain(i) && target.retainAsPublished(), packetId);
        packet.topic(subject.buffer(), 0, subject.utf8().length);
        packet.payload(run.payload(), run.payloadOffset(i), run.payloadLength(i));
        if (version == MqttVersion.V5) {
            ByteBuf block = run.block();
            if (block != null && run.blockLength(i) > 0) {
                describe(packet, run.protocol(), block, run.blockOffset(i), run.blockLength(i));
            }
            identify(packet, run.expiresAtMillis(i), target.subscriptionIds());
        }
        return subject;
    }

    @Override
    public boolean write(
            StoredMessage message, int qos, boolean dup, boolean retain, int packetId, int[] subscriptionIds) {
        OutboundPublish packet = loop.packet().clear();
        PublishedSubject subject = message.subject().in(io.robustmq.kernel.subject.Spelling.SLASH);
        packet.flags(qos, dup, retain, packetId);
        packet.topic(subject.buffer(), 0, subject.utf8().length);
        packet.payload(Unpooled.wrappedBuffer(message.payload()), 0, message.payload().length);
        if (version == MqttVersion.V5) {
            if (message.block().length > 0) {
                ByteBuf block = Unpooled.wrappedBuffer(message.block());
                describe(packet, message.protocol(), block, 0, message.block().length);
            }
            identify(packet, message.expiresAtMillis(), subscriptionIds);
        }
        return writePacket(subject, message.payload().length);
    }

    /** MQTT's own properties go out as they came; a record's key and headers become user properties. */
    private void describe(OutboundPublish packet, String format, ByteBuf block, int offset, int length) {
        if (format.equals(PROTOCOL)) {
            packet.properties(block, offset, length);
        } else if (format.equals(RecordBlock.FORMAT)) {
            ByteBuf properties = loop.recordProperties().of(block, offset, length, counters.headersLeftOut);
            packet.properties(properties, 0, properties.readableBytes());
        }
    }

    /** What belongs to this hop: the time that is left ([MQTT-3.3.2-6]) and the subscriptions that matched. */
    private void identify(OutboundPublish packet, long expiresAtMillis, int[] subscriptionIds) {
        if (expiresAtMillis != 0) {
            long leftMillis = expiresAtMillis - loop.loop().clock().millis();
            packet.messageExpirySeconds(Math.max(0, (leftMillis + 999) / 1000));
        }
        for (int id : subscriptionIds) {
            packet.addSubscriptionIdentifier(id);
        }
    }

    /** Whether the packet just written is one that the client takes; else it is taken back and the connection closed. */
    public boolean accepts(int size) {
        if (size <= packetBytesMax) {
            return true;
        }
        outbound.buffer().writerIndex(outbound.buffer().writerIndex() - size);
        connection.close(ReasonCode.PACKET_TOO_LARGE, "the answer is larger than the client's maximum");
        return false;
    }

    @Override
    public void writePubRel(int packetId) {
        loop.traffic().packetsSent++;
        MqttEncoder.pubRel(outbound.buffer(), version, packetId, 0);
    }

    @Override
    public void disconnect(int reasonCode, String why) {
        connection.close(reasonCode, why);
    }
}
