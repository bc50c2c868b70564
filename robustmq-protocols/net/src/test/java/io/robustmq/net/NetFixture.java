/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.protocol.CloseRequest;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.protocol.ListenerSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Real loops and a server on ephemeral ports. Confined to the test's thread. */
final class NetFixture implements AutoCloseable {
    final NetLoops loops = NetLoops.create(2);
    final MemoryBudget memory = new SystemMemoryBudget(1000);
    final NetServer server;

    NetFixture(NetOptions options) {
        server = new NetServer(loops, options, SystemClock.INSTANCE, memory);
    }

    NetFixture() {
        this(options());
    }

    static NetOptions options() {
        return new NetOptions("127.0.0.1", 1000, 1000, 1000, 10_000);
    }

    static ConnectionInitializer echo() {
        return (channel, loop, connection) -> channel.pipeline().addLast(new Echo());
    }

    InetSocketAddress open(ListenerSpec spec) {
        server.open(List.of(spec));
        return server.address(spec.name());
    }

    static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(address, 5_000);
        return socket;
    }

    static String roundTrip(Socket socket, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(bytes);
        return new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8);
    }

    static boolean closedByPeer(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long: " + what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        server.close();
        loops.close();
    }

    /** Copies what it reads, as protocols do, and says a farewell when asked to close. Confined to its loop. */
    static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            ByteBuf out = context.alloc().buffer(in.readableBytes()).writeBytes(in);
            in.release();
            context.writeAndFlush(out);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof CloseRequest request) {
                byte[] farewell = ("bye: " + request.reason()).getBytes(StandardCharsets.UTF_8);
                context.writeAndFlush(context.alloc().buffer().writeBytes(farewell))
                        .addListener(done -> context.close());
            } else {
                context.fireUserEventTriggered(event);
            }
        }
    }
}
