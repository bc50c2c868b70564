/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.mqtt.codec.Auth;
import io.robustmq.mqtt.codec.ClientPacketHandler;
import io.robustmq.mqtt.codec.ConnAck;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.FrameDecoder;
import io.robustmq.mqtt.codec.MqttClientDecoder;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.OutboundPublish;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PublishProperties;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.codec.UnsubAck;
import io.robustmq.mqtt.codec.Will;
import io.robustmq.testkit.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scripted MQTT client: each call sends one packet or waits for the very next one. It does nothing of its own accord,
 * no acknowledgement and no ping. Confined to the test's thread.
 */
public final class MqttRawClient implements AutoCloseable {
    private final RawClient raw;
    private final MqttVersion version;
    private final MqttClientDecoder decoder;
    private final Collector collector = new Collector();

    public MqttRawClient(RawClient owned, MqttVersion version) {
        this.raw = owned;
        this.version = version;
        this.decoder = new MqttClientDecoder(version, FrameDecoder.LARGEST_PACKET);
    }

    /** Opens a TCP connection and sends nothing. */
    public static MqttRawClient open(int port, MqttVersion version) {
        return new MqttRawClient(RawClient.connect("127.0.0.1", port), version);
    }

    /** Opens a TCP connection, sends CONNECT with clean start and no keep alive, and expects to be accepted. */
    public static MqttRawClient connected(int port, MqttVersion version, String clientId) {
        MqttRawClient client = open(port, version);
        client.connect(clientId, true);
        client.expectAccepted();
        return client;
    }

    /** A received PUBLISH, copied; the properties may be read at leisure. */
    public record Publish(
            String topic,
            byte[] payload,
            int qos,
            boolean dup,
            boolean retain,
            int packetId,
            int topicAlias,
            PublishProperties properties) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    /** A received PUBACK, PUBREC, PUBREL or PUBCOMP. */
    public record Acknowledgement(int packetType, int packetId, int reasonCode) {}

    /** A received PINGRESP. */
    public record PingResp() {}

    /** For raw bytes, silence and the like. */
    public RawClient raw() {
        return raw;
    }

    public MqttRawClient connect(String clientId, boolean cleanStart) {
        return connect(new Connect(version, clientId, cleanStart, 0, null, null, null, MqttProperties.NONE));
    }

    public MqttRawClient connect(String clientId, boolean cleanStart, @Nullable Will will, MqttProperties properties) {
        return connect(new Connect(version, clientId, cleanStart, 0, will, null, null, properties));
    }

    public MqttRawClient connect(Connect connect) {
        return send(out -> MqttClientEncoder.connect(out, connect));
    }

    public MqttRawClient subscribe(int packetId, String filter, int qos) {
        return subscribe(packetId, MqttProperties.NONE, new SubscriptionRequest(filter, qos));
    }

    public MqttRawClient subscribe(int packetId, MqttProperties properties, SubscriptionRequest... requests) {
        return send(out -> MqttClientEncoder.subscribe(out, version, packetId, List.of(requests), properties));
    }

    public MqttRawClient unsubscribe(int packetId, String... filters) {
        return send(
                out -> MqttClientEncoder.unsubscribe(out, version, packetId, List.of(filters), MqttProperties.NONE));
    }

    /** QoS 0. */
    public MqttRawClient publish(String topic, String payload) {
        return publish(topic, payload, 0, 0);
    }

    public MqttRawClient publish(String topic, String payload, int qos, int packetId) {
        return publish(topic, payload, publish -> publish.flags(qos, false, false, packetId));
    }

    /** The details set flags, alias, expiry and raw properties. */
    public MqttRawClient publish(String topic, String payload, Consumer<OutboundPublish> details) {
        ByteBuf topicBytes = Unpooled.wrappedBuffer(topic.getBytes(StandardCharsets.UTF_8));
        ByteBuf payloadBytes = Unpooled.wrappedBuffer(payload.getBytes(StandardCharsets.UTF_8));
        OutboundPublish publish = new OutboundPublish()
                .topic(topicBytes, 0, topicBytes.readableBytes())
                .payload(payloadBytes, 0, payloadBytes.readableBytes());
        details.accept(publish);
        return send(out -> MqttEncoder.publish(out, version, publish));
    }

    public MqttRawClient pubAck(int packetId) {
        return send(out -> MqttEncoder.pubAck(out, version, packetId, 0));
    }

    public MqttRawClient pubRec(int packetId) {
        return send(out -> MqttEncoder.pubRec(out, version, packetId, 0));
    }

    public MqttRawClient pubRel(int packetId) {
        return send(out -> MqttEncoder.pubRel(out, version, packetId, 0));
    }

    public MqttRawClient pubComp(int packetId) {
        return send(out -> MqttEncoder.pubComp(out, version, packetId, 0));
    }

    public MqttRawClient pingReq() {
        return send(MqttClientEncoder::pingReq);
    }

    public MqttRawClient disconnect() {
        return disconnect(ReasonCode.NORMAL_DISCONNECTION, MqttProperties.NONE);
    }

    public MqttRawClient disconnect(int reasonCode, MqttProperties properties) {
        return send(out -> MqttClientEncoder.disconnect(out, version, reasonCode, properties));
    }

    /** Sends whatever the writer writes, for instance with one of the encoders. */
    public MqttRawClient send(Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.buffer();
        writer.accept(out);
        raw.send(ByteBufUtil.getBytes(out));
        return this;
    }

    /** The next packet, which must be of this type: one of the records here or of the codec. */
    public <T> T expect(Class<T> type) {
        byte[] frame = raw.readFrame(MqttRawClient::packetLength);
        decoder.decode(Unpooled.wrappedBuffer(frame), collector);
        Object packet = collector.last;
        if (!type.isInstance(packet)) {
            throw new AssertionError("expected " + type.getSimpleName() + " but received " + packet);
        }
        return type.cast(packet);
    }

    /** A CONNACK that accepts. */
    public ConnAck expectAccepted() {
        ConnAck connAck = expect(ConnAck.class);
        require(connAck.reasonCode() == 0, "refused: " + connAck);
        return connAck;
    }

    /** A CONNACK with this code (a return code before MQTT 5), and the close. */
    public void expectRefused(int reasonCode) {
        ConnAck connAck = expect(ConnAck.class);
        require(connAck.reasonCode() == reasonCode, "expected a refusal " + reasonCode + " but received " + connAck);
        raw.expectClose();
    }

    public SubAck expectSubAck(int packetId, Integer... reasonCodes) {
        SubAck subAck = expect(SubAck.class);
        boolean equal = subAck.packetId() == packetId && subAck.reasonCodes().equals(List.of(reasonCodes));
        require(equal, "expected SUBACK " + packetId + " " + List.of(reasonCodes) + " but received " + subAck);
        return subAck;
    }

    public UnsubAck expectUnsubAck(int packetId, Integer... reasonCodes) {
        UnsubAck unsubAck = expect(UnsubAck.class);
        List<Integer> codes = version == MqttVersion.V5 ? List.of(reasonCodes) : List.of();
        boolean equal =
                unsubAck.packetId() == packetId && unsubAck.reasonCodes().equals(codes);
        require(equal, "expected UNSUBACK " + packetId + " " + codes + " but received " + unsubAck);
        return unsubAck;
    }

    public Publish expectPublish(String topic, String payload) {
        Publish publish = expect(Publish.class);
        boolean equal = publish.topic().equals(topic) && publish.text().equals(payload);
        require(equal, "expected PUBLISH " + topic + "=" + payload + " but received " + publish + " " + publish.text());
        return publish;
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP, by its {@link PacketType}. */
    public void expectAcknowledgement(int packetType, int packetId, int reasonCode) {
        Acknowledgement expected = new Acknowledgement(packetType, packetId, reasonCode);
        Acknowledgement received = expect(Acknowledgement.class);
        require(received.equals(expected), "expected " + expected + " but received " + received);
    }

    public void expectPubAck(int packetId) {
        expectAcknowledgement(PacketType.PUBACK, packetId, 0);
    }

    public void expectPingResp() {
        expect(PingResp.class);
    }

    /** DISCONNECT with this code in MQTT 5, and the close; before, the close alone. */
    public void expectDisconnect(int reasonCode) {
        if (version == MqttVersion.V5) {
            Disconnect disconnect = expect(Disconnect.class);
            require(
                    disconnect.reasonCode() == reasonCode,
                    "expected DISCONNECT " + reasonCode + " but received " + disconnect);
        }
        raw.expectClose();
    }

    public void expectClose() {
        raw.expectClose();
    }

    public MqttRawClient expectSilence(Duration duration) {
        raw.expectSilence(duration);
        return this;
    }

    /** Closes without DISCONNECT, as a network failure does. */
    @Override
    public void close() {
        raw.close();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    private static int packetLength(byte[] bytes, int offset, int available) {
        int remaining = 0;
        for (int i = 1; i < available && i <= 4; i++) {
            remaining |= (bytes[offset + i] & 0x7F) << 7 * (i - 1);
            if (bytes[offset + i] >= 0) {
                return 1 + i + remaining;
            }
        }
        if (available > 4) {
            throw new AssertionError("the server sent a remaining length of more than four bytes");
        }
        return -1;
    }

    private static final class Collector implements ClientPacketHandler {
        private @Nullable Object last;

        @Override
        public void onPublish(
                ByteBuf buffer,
                int qos,
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
            ByteBuf block = Unpooled.copiedBuffer(buffer.slice(propertiesOffset, propertiesLength));
            last = new Publish(
                    buffer.toString(topicOffset, topicLength, StandardCharsets.UTF_8),
                    ByteBufUtil.getBytes(buffer, payloadOffset, payloadLength),
                    qos,
                    dup,
                    retain,
                    packetId,
                    topicAlias,
                    new PublishProperties().parse(block, 0, propertiesLength));
        }

        @Override
        public void onPubAck(int packetId, int reasonCode) {
            last = new Acknowledgement(PacketType.PUBACK, packetId, reasonCode);
        }

        @Override
        public void onPubRec(int packetId, int reasonCode) {
            last = new Acknowledgement(PacketType.PUBREC, packetId, reasonCode);
        }

        @Override
        public void onPubRel(int packetId, int reasonCode) {
            last = new Acknowledgement(PacketType.PUBREL, packetId, reasonCode);
        }

        @Override
        public void onPubComp(int packetId, int reasonCode) {
            last = new Acknowledgement(PacketType.PUBCOMP, packetId, reasonCode);
        }

        @Override
        public void onDisconnect(Disconnect disconnect) {
            last = disconnect;
        }

        @Override
        public void onAuth(Auth auth) {
            last = auth;
        }

        @Override
        public void onConnAck(ConnAck connAck) {
            last = connAck;
        }

        @Override
        public void onSubAck(SubAck subAck) {
            last = subAck;
        }

        @Override
        public void onUnsubAck(UnsubAck unsubAck) {
            last = unsubAck;
        }

        @Override
        public void onPingResp() {
            last = new PingResp();
        }
    }
}
