/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.testkit.Statement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How the stream is cut: rests, hints, suspension, limits. */
class FrameDecoderTest {
    private static final int MAXIMUM = 1024;

    private final PacketText text = new PacketText(MqttVersion.V3_1_1);
    private final MqttDecoder decoder = new MqttDecoder(MAXIMUM);

    private void connect() {
        PacketText.connected(decoder, MqttVersion.V3_1_1, text);
        text.lines().clear();
    }

    private static ByteBuf publish(String topic, int payloadLength) {
        ByteBuf topicBytes = Unpooled.copiedBuffer(topic, StandardCharsets.UTF_8);
        ByteBuf out = Unpooled.buffer();
        OutboundPublish publish = new OutboundPublish()
                .topic(topicBytes, 0, topicBytes.readableBytes())
                .payload(Unpooled.wrappedBuffer(new byte[payloadLength]), 0, payloadLength);
        assertThat(MqttEncoder.publishSize(MqttVersion.V3_1_1, publish))
                .isEqualTo(MqttEncoder.publish(out, MqttVersion.V3_1_1, publish))
                .isEqualTo(out.readableBytes());
        return out;
    }

    @Test
    void severalPacketsInOneBufferAndARest() {
        connect();
        ByteBuf in = Unpooled.wrappedBuffer(
                publish("a", 1), publish("b", 2), publish("c", 300).readSlice(10));

        decoder.decode(in, text);

        assertThat(text.lines())
                .containsExactly("PUBLISH qos=0 topic=a payload=00", "PUBLISH qos=0 topic=b payload=0000");
        assertThat(in.readableBytes()).isEqualTo(10);
        assertThat(decoder.missingBytes()).isEqualTo(publish("c", 300).readableBytes() - 10);
    }

    @Test
    void everyPacketMayArriveByteByByte() {
        connect();
        ByteBuf packet = publish("topic", 200);
        ByteBuf in = Unpooled.buffer();
        while (packet.isReadable()) {
            assertThat(text.lines()).isEmpty();
            in.writeByte(packet.readByte());
            decoder.decode(in, text);
            assertThat(decoder.missingBytes()).isLessThanOrEqualTo(packet.readableBytes());
        }
        assertThat(text.lines()).hasSize(1);
        assertThat(in.isReadable()).isFalse();
        assertThat(decoder.missingBytes()).isZero();
    }

    @Test
    void aPacketOfTheMaximumSizePassesAndALargerOneIsRefusedBeforeItIsWaitedFor() {
        connect();
        decoder.decode(publish("t", MAXIMUM - 6), text);
        assertThat(text.lines()).hasSize(1);

        ByteBuf larger = publish("t", MAXIMUM - 5).readSlice(3);
        assertThatThrownBy(() -> decoder.decode(larger, text))
                .isInstanceOfSatisfying(
                        MqttProtocolException.class,
                        e -> assertThat(e.reasonCode()).isEqualTo(ReasonCode.PACKET_TOO_LARGE));
        assertThat(larger.readerIndex()).isZero();
    }

    @Test
    void afterAFailureEverythingIsSkipped() {
        connect();
        ByteBuf bad = Unpooled.wrappedBuffer(new byte[] {0x0F, 0});
        assertThatThrownBy(() -> decoder.decode(bad, text)).isInstanceOf(MqttProtocolException.class);

        ByteBuf good = publish("a", 1);
        decoder.decode(good, text);

        assertThat(text.lines()).isEmpty();
        assertThat(good.isReadable()).isFalse();
        assertThat(decoder.isStopped()).isTrue();
    }

    @Test
    void suspendedInAHandlerTheRestWaitsForResume() {
        PacketText suspending = new PacketText(MqttVersion.V3_1_1) {
            @Override
            public void onConnect(Connect connect) {
                super.onConnect(connect);
                decoder.suspend();
            }
        };
        ByteBuf connect = Unpooled.buffer();
        MqttClientEncoder.connect(
                connect, new Connect(MqttVersion.V3_1_1, "c", true, 0, null, null, null, MqttProperties.NONE));
        ByteBuf in = Unpooled.wrappedBuffer(connect, publish("a", 0));

        decoder.decode(in, suspending);
        decoder.decode(in, suspending);
        assertThat(suspending.lines()).hasSize(1);
        assertThat(decoder.missingBytes()).isZero();

        decoder.resume();
        decoder.decode(in, suspending);
        assertThat(suspending.last()).isEqualTo("PUBLISH qos=0 topic=a payload=");
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void stoppedInAHandlerTheRestIsSkipped() {
        connect();
        PacketText stopping = new PacketText(MqttVersion.V3_1_1) {
            @Override
            public void onPingReq() {
                super.onPingReq();
                decoder.stop();
            }
        };
        ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("c000c000"));

        decoder.decode(in, stopping);

        assertThat(stopping.lines()).isEqualTo(List.of("PINGREQ"));
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void whatTheHandlerThrowsPassesThrough() {
        connect();
        PacketText throwing = new PacketText(MqttVersion.V3_1_1) {
            @Override
            public void onPingReq() {
                throw new MqttProtocolException(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, "test");
            }
        };
        assertThatThrownBy(() -> decoder.decode(Unpooled.wrappedBuffer(new byte[] {(byte) 0xC0, 0}), throwing))
                .isInstanceOfSatisfying(
                        MqttProtocolException.class,
                        e -> assertThat(e.getStackTrace()).isEmpty());
        assertThat(decoder.isStopped()).isTrue();
    }

    @Statement("MQTT-1.5.5-1")
    @Test
    void oldDevicesMayPadTheRemainingLengthButNotInVersion5() {
        connect();
        ByteBuf padded = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("c08000"));
        decoder.decode(padded, text);
        assertThat(text.lines()).containsExactly("PINGREQ");

        MqttDecoder decoder5 = new MqttDecoder(MAXIMUM);
        PacketText.connected(decoder5, MqttVersion.V5, text);
        assertThatThrownBy(() -> decoder5.decode(padded.resetReaderIndex(), text))
                .isInstanceOfSatisfying(
                        MqttProtocolException.class,
                        e -> assertThat(e.reasonCode()).isEqualTo(ReasonCode.MALFORMED_PACKET));
    }

    /** However a stream is cut into reads, it says the same. */
    @Test
    void aStreamInRandomPieces() {
        long seed = Long.getLong("codec.seed", System.nanoTime());
        Random random = new Random(seed);
        for (MqttVersion version : MqttVersion.values()) {
            RandomPackets packets = new RandomPackets(random, version);
            ByteBuf stream = Unpooled.buffer();
            packets.writeConnect(stream);
            for (int i = 0; i < 300; i++) {
                packets.writeOfClient(stream);
            }
            List<String> whole = PacketText.ofClient(version, stream.duplicate());
            assertThat(whole).hasSize(301);

            MqttDecoder pieceByPiece = new MqttDecoder(FrameDecoder.LARGEST_PACKET);
            PacketText pieces = new PacketText(version);
            ByteBuf accumulated = Unpooled.buffer();
            while (stream.isReadable()) {
                int wanted = random.nextBoolean() ? pieceByPiece.missingBytes() : random.nextInt(64);
                accumulated.writeBytes(stream, Math.min(wanted, stream.readableBytes()));
                pieceByPiece.decode(accumulated, pieces);
                accumulated.discardReadBytes();
            }
            assertThat(pieces.lines()).as("seed %d, %s", seed, version).isEqualTo(whole);
            assertThat(accumulated.isReadable()).isFalse();
        }
    }
}
