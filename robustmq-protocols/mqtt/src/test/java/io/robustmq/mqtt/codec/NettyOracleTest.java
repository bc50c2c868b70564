/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.ReferenceCountUtil;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Netty's codec reads what ours writes, and ours reads what Netty's writes; random packets, the seed is logged. */
class NettyOracleTest {
    private static final Logger LOG = LoggerFactory.getLogger(NettyOracleTest.class);
    private static final int ROUNDS = 1_500;
    private static final int MAXIMUM = 1 << 20;

    private final long seed = Long.getLong("codec.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final EmbeddedChannel netty =
            new EmbeddedChannel(new MqttDecoder(MAXIMUM), io.netty.handler.codec.mqtt.MqttEncoder.INSTANCE);

    @ParameterizedTest
    @EnumSource
    void packetsOfClients(MqttVersion version) {
        LOG.info("codec.seed={}", seed);
        RandomPackets packets = new RandomPackets(random, version);
        for (int i = 0; i < ROUNDS / 4; i++) {
            ByteBuf connect = Unpooled.buffer();
            packets.writeConnect(connect);
            check(version, false, connect);
        }
        for (int i = 0; i < ROUNDS; i++) {
            ByteBuf packet = Unpooled.buffer();
            packets.writeOfClient(packet);
            check(version, false, packet);
        }
        netty.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void packetsOfServers(MqttVersion version) {
        LOG.info("codec.seed={}", seed);
        RandomPackets packets = new RandomPackets(random, version);
        ByteBuf connect = Unpooled.buffer();
        packets.writeConnect(connect);
        check(version, false, connect); // tells Netty the version
        for (int i = 0; i < ROUNDS; i++) {
            ByteBuf packet = Unpooled.buffer();
            packets.writeOfServer(packet);
            check(version, true, packet);
        }
        netty.finishAndReleaseAll();
    }

    @BeforeEach
    void withoutLeakRecords() {
        netty.config().setAllocator(new UnpooledByteBufAllocator(false, true)); // they make this ten times slower
    }

    private void check(MqttVersion version, boolean fromServer, ByteBuf packet) {
        Supplier<String> context = () -> "seed " + seed + ": " + ByteBufUtil.hexDump(packet);
        String ours = ours(version, fromServer, packet.duplicate());

        netty.writeInbound(packet.retainedDuplicate());
        MqttMessage message = netty.readInbound();
        assertThat(NettyText.of(version, message)).as(context).isEqualTo(ours);

        netty.writeOutbound(message);
        ByteBuf encoded = netty.readOutbound();
        assertThat(ours(version, fromServer, encoded)).as(context).isEqualTo(ours);
        encoded.release();

        ByteBuf again = Reencoder.apply(version, fromServer, packet.duplicate());
        assertThat(ours(version, fromServer, again)).as(context).isEqualTo(ours);
        again.release();
        ReferenceCountUtil.release(packet);
    }

    private static String ours(MqttVersion version, boolean fromServer, ByteBuf packet) {
        var lines = fromServer ? PacketText.ofServer(version, packet) : PacketText.ofClient(version, packet);
        assertThat(lines).hasSize(1);
        assertThat(packet.isReadable()).isFalse();
        return lines.get(0);
    }
}
