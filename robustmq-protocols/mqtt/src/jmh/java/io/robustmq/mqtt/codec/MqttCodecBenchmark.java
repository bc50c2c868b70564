/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One read or write buffer of 64 PUBLISH packets at QoS 1, topic of 34 and payload of 64 bytes: this codec beside
 * Netty's, whose figures hold the cost of its {@code EmbeddedChannel} too. {@code -prof gc} shows the bytes allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(MqttCodecBenchmark.PACKETS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MqttCodecBenchmark {
    static final int PACKETS = 64;
    private static final String TOPIC = "sensors/building-07/floor-3/room-1";

    /** Plain, or with two user properties. */
    public enum Form {
        V3_1_1(MqttVersion.V3_1_1, false),
        V5(MqttVersion.V5, false),
        V5_PROPERTIES(MqttVersion.V5, true);

        private final MqttVersion version;
        private final boolean properties;

        Form(MqttVersion version, boolean properties) {
            this.version = version;
            this.properties = properties;
        }
    }

    @Param
    public Form form;

    private final Summing handler = new Summing();
    private MqttDecoder decoder;
    private EmbeddedChannel netty;
    private ByteBuf source;
    private ByteBuf packets;
    private ByteBuf out;
    private OutboundPublish publish;

    @Setup
    public void setup() {
        decoder = new MqttDecoder(1 << 20);
        netty = new EmbeddedChannel(
                new io.netty.handler.codec.mqtt.MqttDecoder(1 << 20), io.netty.handler.codec.mqtt.MqttEncoder.INSTANCE);
        ByteBuf connect = Unpooled.buffer();
        MqttClientEncoder.connect(
                connect, new Connect(form.version, "c", true, 0, null, null, null, MqttProperties.NONE));
        decoder.decode(connect.duplicate(), handler);
        netty.writeInbound(connect);
        ReferenceCountUtil.release(netty.readInbound());

        source = ByteBufAllocator.DEFAULT.directBuffer();
        source.writeCharSequence(TOPIC, StandardCharsets.US_ASCII);
        int block = source.writerIndex();
        if (form.properties) {
            ByteBuf encoded = Unpooled.buffer();
            MqttProperties properties = MqttProperties.builder()
                    .user("key", "room-1")
                    .user("unit", "celsius")
                    .build();
            properties.writeTo(encoded);
            encoded.skipBytes(encoded.readableBytes() - properties.blockSize());
            source.writeBytes(encoded);
        }
        int payload = source.writerIndex();
        source.writeZero(64);
        publish = new OutboundPublish()
                .topic(source, 0, TOPIC.length())
                .properties(source, block, payload - block)
                .payload(source, payload, 64);
        packets = ByteBufAllocator.DEFAULT.directBuffer();
        encode(packets);
        out = ByteBufAllocator.DEFAULT.directBuffer(1 << 16);
    }

    @TearDown
    public void tearDown() {
        netty.finishAndReleaseAll();
        source.release();
        packets.release();
        out.release();
    }

    @Benchmark
    public long decodeOwn() {
        packets.readerIndex(0);
        decoder.decode(packets, handler);
        return handler.sum;
    }

    @Benchmark
    public long decodeNetty() {
        netty.writeInbound(packets.retainedDuplicate().readerIndex(0));
        long count = 0;
        for (Object message = netty.readInbound(); message != null; message = netty.readInbound()) {
            ReferenceCountUtil.release(message);
            count++;
        }
        return count;
    }

    @Benchmark
    public int encodeOwn() {
        out.clear();
        encode(out);
        return out.writerIndex();
    }

    private void encode(ByteBuf into) {
        for (int i = 1; i <= PACKETS; i++) {
            MqttEncoder.publish(into, form.version, publish.flags(1, false, false, i));
        }
    }

    @Benchmark
    public long encodeNetty() {
        ByteBuf payload = publish.payload;
        for (int i = 1; i <= PACKETS; i++) {
            var properties = new io.netty.handler.codec.mqtt.MqttProperties();
            if (form.properties) {
                properties.add(new io.netty.handler.codec.mqtt.MqttProperties.UserProperty("key", "room-1"));
                properties.add(new io.netty.handler.codec.mqtt.MqttProperties.UserProperty("unit", "celsius"));
            }
            netty.write(MqttMessageBuilders.publish()
                    .qos(MqttQoS.AT_LEAST_ONCE)
                    .messageId(i)
                    .topicName(TOPIC)
                    .properties(properties)
                    .payload(payload.retainedSlice(publish.payloadOffset, publish.payloadLength))
                    .build());
        }
        netty.flush();
        long bytes = 0;
        for (ByteBuf part = netty.readOutbound(); part != null; part = netty.readOutbound()) {
            bytes += part.readableBytes();
            part.release();
        }
        return bytes;
    }

    /** Touches what a connection would. Confined to the benchmark's thread. */
    private static final class Summing implements PacketHandler {
        private long sum;

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
            sum += packetId + topicOffset + topicLength + payloadOffset + payloadLength + propertiesLength;
        }

        @Override
        public void onPubAck(int packetId, int reasonCode) {
            sum += packetId;
        }

        @Override
        public void onPubRec(int packetId, int reasonCode) {
            sum += packetId;
        }

        @Override
        public void onPubRel(int packetId, int reasonCode) {
            sum += packetId;
        }

        @Override
        public void onPubComp(int packetId, int reasonCode) {
            sum += packetId;
        }

        @Override
        public void onDisconnect(Disconnect disconnect) {
            sum++;
        }

        @Override
        public void onAuth(Auth auth) {
            sum++;
        }

        @Override
        public void onConnect(Connect connect) {
            sum++;
        }

        @Override
        public void onSubscribe(Subscribe subscribe) {
            sum++;
        }

        @Override
        public void onUnsubscribe(Unsubscribe unsubscribe) {
            sum++;
        }

        @Override
        public void onPingReq() {
            sum++;
        }
    }
}
