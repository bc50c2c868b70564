/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.protocol.ListenerSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class SharedReadBuffersTest {

    @Test
    void connectionsOfALoopReadIntoOneBuffer() throws IOException {
        Set<Long> addresses = ConcurrentHashMap.newKeySet();
        ConnectionInitializer spy = (channel, loop, connection) -> channel.pipeline()
                .addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        addresses.add(((ByteBuf) message).memoryAddress());
                        context.fireChannelRead(message);
                    }
                })
                .addLast(new NetFixture.Echo());
        try (NetFixture net = new NetFixture()) {
            InetSocketAddress address = net.open(ListenerSpec.tcp("spy", 0, spy));
            for (int i = 0; i < 6; i++) {
                try (Socket socket = NetFixture.connect(address)) {
                    NetFixture.roundTrip(socket, "a");
                    NetFixture.roundTrip(socket, "b");
                }
            }
            assertThat(addresses).hasSizeBetween(1, net.loops.group().size());
        }
    }

    @Test
    void aHandlerThatKeepsABufferNeverSeesForeignBytes() throws IOException {
        ConcurrentLinkedQueue<ByteBuf> kept = new ConcurrentLinkedQueue<>();
        ConnectionInitializer keeper =
                (channel, loop, connection) -> channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        kept.add((ByteBuf) message);
                        context.writeAndFlush(context.alloc().buffer(1).writeByte('.'));
                    }
                });
        try (NetFixture net = new NetFixture()) {
            InetSocketAddress address = net.open(ListenerSpec.tcp("keeper", 0, keeper));
            Set<String> sent = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                try (Socket socket = NetFixture.connect(address)) {
                    String text = "text of " + i;
                    sent.add(text);
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().read()).isEqualTo('.');
                }
            }
            assertThat(kept.stream().map(buffer -> buffer.toString(StandardCharsets.US_ASCII)))
                    .containsExactlyInAnyOrderElementsOf(sent);
            kept.forEach(ByteBuf::release);
        }
    }

    @Test
    void moreThanABufferArrivesWholeAndInOrder() throws IOException {
        byte[] bytes = new byte[5 * SharedReadBuffers.BUFFER_BYTES + 17];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        try (NetFixture net = new NetFixture();
                Socket socket = NetFixture.connect(net.open(ListenerSpec.tcp("echo", 0, NetFixture.echo())))) {
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(bytes);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            assertThat(Arrays.equals(socket.getInputStream().readNBytes(bytes.length), bytes))
                    .isTrue();
        }
    }
}
