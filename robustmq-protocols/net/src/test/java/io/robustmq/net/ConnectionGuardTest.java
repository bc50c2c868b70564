/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.robustmq.protocol.ListenerSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ConnectionGuardTest {
    private static final ListenerSpec ECHO = ListenerSpec.tcp("echo", 0, NetFixture.echo());

    @Test
    void connectionsBeyondTheTotalAreClosedAndThoseWithinGoOn() throws IOException {
        try (NetFixture net = new NetFixture(new NetOptions("127.0.0.1", 2, 10, 100, 10_000))) {
            InetSocketAddress address = net.open(ECHO);
            try (Socket one = NetFixture.connect(address);
                    Socket two = NetFixture.connect(address)) {
                assertThat(NetFixture.roundTrip(one, "one")).isEqualTo("one");
                assertThat(NetFixture.roundTrip(two, "two")).isEqualTo("two");
                try (Socket three = NetFixture.connect(address)) {
                    assertThat(NetFixture.closedByPeer(three)).isTrue();
                }
                assertThat(NetFixture.roundTrip(one, "still")).isEqualTo("still");
                assertThat(net.server.limits().counts().refusedByTotal()).isEqualTo(1);
            }
            NetFixture.await(
                    "there is room again", () -> net.server.limits().counts().open() == 0);
            try (Socket next = NetFixture.connect(address)) {
                assertThat(NetFixture.roundTrip(next, "next")).isEqualTo("next");
            }
        }
    }

    @Test
    void connectionsBeyondThoseOfTheirAddressAreClosed() throws IOException {
        try (NetFixture net = new NetFixture(new NetOptions("127.0.0.1", 10, 1, 100, 10_000))) {
            InetSocketAddress address = net.open(ECHO);
            try (Socket one = NetFixture.connect(address)) {
                assertThat(NetFixture.roundTrip(one, "one")).isEqualTo("one");
                try (Socket two = NetFixture.connect(address)) {
                    assertThat(NetFixture.closedByPeer(two)).isTrue();
                }
                assertThat(net.server.limits().counts().refusedByAddress()).isEqualTo(1);
            }
        }
    }

    @Test
    void connectionsThatComeTooFastAreClosed() throws IOException {
        try (NetFixture net = new NetFixture(new NetOptions("127.0.0.1", 10, 10, 1, 10_000))) {
            InetSocketAddress address = net.open(ECHO);
            try (Socket first = NetFixture.connect(address)) {
                assertThat(NetFixture.roundTrip(first, "first")).isEqualTo("first");
                NetFixture.await("one of a burst is refused", () -> {
                    try (Socket next = NetFixture.connect(address)) {
                        return net.server.limits().counts().refusedByRate() > 0;
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertThat(NetFixture.roundTrip(first, "still")).isEqualTo("still");
            }
        }
    }

    @Test
    void whoNeverSpeaksIsClosedAndWhoSpokeMayBeSilent() throws IOException {
        try (NetFixture net = new NetFixture(new NetOptions("127.0.0.1", 10, 10, 100, 300))) {
            InetSocketAddress address = net.open(ECHO);
            try (Socket talker = NetFixture.connect(address);
                    Socket silent = NetFixture.connect(address)) {
                assertThat(NetFixture.roundTrip(talker, "hello")).isEqualTo("hello");
                assertThat(NetFixture.closedByPeer(silent)).isTrue();
                assertThat(net.server.limits().counts().closedSilent()).isEqualTo(1);
                assertThat(NetFixture.roundTrip(talker, "again")).isEqualTo("again");
            }
        }
    }

    @Test
    void aFaultOfAHandlerClosesItsConnectionOnly() throws IOException {
        ListenerSpec faulty = ListenerSpec.tcp(
                "faulty",
                0,
                (channel, loop, connection) ->
                        channel.pipeline().addLast(new FailOnBang()).addLast(new NetFixture.Echo()));
        try (NetFixture net = new NetFixture()) {
            InetSocketAddress address = net.open(faulty);
            try (Socket good = NetFixture.connect(address);
                    Socket bad = NetFixture.connect(address)) {
                assertThat(NetFixture.roundTrip(good, "one")).isEqualTo("one");
                bad.getOutputStream().write('!');
                assertThat(NetFixture.closedByPeer(bad)).isTrue();
                assertThat(NetFixture.roundTrip(good, "two")).isEqualTo("two");
            }
        }
    }

    @Test
    void whoDoesNotGoWhenAskedIsCut() throws IOException {
        ListenerSpec deaf = ListenerSpec.tcp(
                "deaf", 0, (channel, loop, connection) -> channel.pipeline().addLast(new IgnoreEvents()));
        try (NetFixture net = new NetFixture(new NetOptions("127.0.0.1", 9, 9, 9, 10_000).withFarewellMillisMax(50));
                Socket socket = NetFixture.connect(net.open(deaf))) {
            NetFixture.await("accepted", () -> net.server.connections().size() == 1);
            net.server.connections().close(1, "enough");
            assertThat(NetFixture.closedByPeer(socket)).isTrue();
        }
    }

    @Test
    void aPeerThatReadsNothingCannotHoldUpTheStop() throws IOException {
        ListenerSpec waiting = ListenerSpec.tcp(
                "waiting", 0, (channel, loop, connection) -> channel.pipeline().addLast(new CloseNever()));
        try (NetFixture net = new NetFixture();
                Socket socket = NetFixture.connect(net.open(waiting))) {
            NetFixture.await("accepted", () -> net.server.connections().size() == 1);
            net.server.close(100);
            assertThat(net.server.connections().size()).isZero();
            assertThat(NetFixture.closedByPeer(socket)).isTrue();
        }
    }

    @Test
    void whatAProtocolLeavesUnreadIsReleasedAndTheConnectionClosed() throws IOException {
        ListenerSpec lazy = ListenerSpec.tcp("lazy", 0, (channel, loop, connection) -> {});
        try (NetFixture net = new NetFixture();
                Socket socket = NetFixture.connect(net.open(lazy))) {
            socket.getOutputStream().write('x');
            assertThat(NetFixture.closedByPeer(socket)).isTrue();
        }
    }

    /** Stateless. */
    private static final class FailOnBang extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (((io.netty.buffer.ByteBuf) message).getByte(0) == '!') {
                ReferenceCountUtil.release(message);
                throw new IllegalStateException("on purpose");
            }
            context.fireChannelRead(message);
        }
    }

    /** Swallows every event. Stateless. */
    private static final class IgnoreEvents extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            ReferenceCountUtil.release(event);
        }
    }

    /** Waits for ever before it closes, as a handler does that writes to a peer that reads nothing. Stateless. */
    private static final class CloseNever extends ChannelOutboundHandlerAdapter {
        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            assertThat(promise.isDone()).isFalse();
        }
    }
}
