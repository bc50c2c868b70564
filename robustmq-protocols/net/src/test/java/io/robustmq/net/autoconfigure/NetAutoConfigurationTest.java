/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.net.NetServer;
import io.robustmq.node.BannerLine;
import io.robustmq.node.NodeContext;
import io.robustmq.node.NodePhase;
import io.robustmq.node.StartRefusedException;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import io.robustmq.protocol.ConnectionRegistry;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.ProtocolPlugin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class NetAutoConfigurationTest {
    @TempDir
    Path data;

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(NodeAutoConfiguration.class, NetAutoConfiguration.class))
                .withPropertyValues("robustmq.data-dir=" + data);
    }

    @Test
    void portsExistOnlyOnBrokers() {
        runner().withPropertyValues("robustmq.roles=meta")
                .run(context ->
                        assertThat(context).doesNotHaveBean(NetServer.class).doesNotHaveBean(LoopGroup.class));
        runner().withPropertyValues("robustmq.roles=broker")
                .run(context ->
                        assertThat(context).hasSingleBean(NetServer.class).hasSingleBean(LoopGroup.class));
    }

    @Test
    void thePluginsPortsAreOpenWhenTheNodeIsReadyAndNamedInTheBanner() {
        Greeter greeter = new Greeter(0);
        runner().withBean(Greeter.class, () -> greeter).run(context -> {
            NodeContext node = context.getBean(NodeContext.class);
            assertThat(node.state().phase()).isEqualTo(NodePhase.READY);
            assertThat(node.loops()).isSameAs(context.getBean(LoopGroup.class));
            InetSocketAddress address = context.getBean(NetServer.class).address("greeter-tcp");
            try (Socket socket = connect(address)) {
                socket.getOutputStream().write('x');
                assertThat(socket.getInputStream().read()).isEqualTo('x');
                assertThat(node.get(ConnectionRegistry.class).size()).isEqualTo(1);
            }
            assertThat(context.getBean(BannerLine.Contribution.class).lines())
                    .containsExactly(new BannerLine("greeter", "tcp 127.0.0.1:" + address.getPort()));
        });
    }

    @Test
    void whenTheNodeStopsPortsCloseFirstThenClientsAreToldWhy() throws IOException {
        Greeter greeter = new Greeter(0);
        Socket[] client = new Socket[1];
        runner().withBean(Greeter.class, () -> greeter).run(context -> {
            NetServer server = context.getBean(NetServer.class);
            InetSocketAddress address = server.address("greeter-tcp");
            greeter.probe = () -> {
                try (Socket late = connect(address)) {
                    return "open";
                } catch (IOException refused) {
                    return "refused";
                }
            };
            client[0] = connect(address);
            client[0].getOutputStream().write('x');
            assertThat(client[0].getInputStream().read()).isEqualTo('x');
        });
        try (Socket socket = client[0]) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("goodbye");
        }
        assertThat(greeter.probed).containsExactly("refused");
    }

    @Test
    void whoDoesNotDrainIsCutWhenTheTimeIsOver() throws IOException {
        Greeter stubborn = new Greeter(0);
        stubborn.drains = false;
        Socket[] client = new Socket[1];
        runner().withBean(Greeter.class, () -> stubborn)
                .withPropertyValues("robustmq.net.drain-timeout=50ms")
                .run(context -> {
                    client[0] = connect(context.getBean(NetServer.class).address("greeter-tcp"));
                    client[0].getOutputStream().write('x');
                    assertThat(client[0].getInputStream().read()).isEqualTo('x');
                });
        try (Socket socket = client[0]) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aTakenPortRefusesTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            runner().withBean(Greeter.class, () -> new Greeter(taken.getLocalPort()))
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .satisfies(cause -> assertThat(cause).isInstanceOf(IOException.class)));
            runner().withBean(Greeter.class, () -> new Greeter(taken.getLocalPort()))
                    .run(context -> assertThat(context)
                            .getFailure()
                            .hasCauseInstanceOf(StartRefusedException.class)
                            .cause()
                            .hasMessage("greeter-tcp cannot listen on 127.0.0.1:" + taken.getLocalPort()
                                    + ": the port is taken."));
        }
    }

    @Test
    void limitsThatMakeNoSenseAreRefusedByKey() {
        runner().withPropertyValues("robustmq.net.connections-max=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage("robustmq.net.connections-max is '0', which is not possible."));
    }

    @Test
    void everyLimitHasItsMetric() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        runner().withConfiguration(AutoConfigurations.of(NetMetricsAutoConfiguration.class))
                .withPropertyValues("robustmq.net.connections-max=1")
                .withBean(Greeter.class, () -> new Greeter(0))
                .run(context -> {
                    context.getBean(MeterBinder.class).bindTo(registry);
                    InetSocketAddress address = context.getBean(NetServer.class).address("greeter-tcp");
                    try (Socket one = connect(address)) {
                        one.getOutputStream().write('x');
                        assertThat(one.getInputStream().read()).isEqualTo('x');
                        try (Socket two = connect(address)) {
                            assertThat(two.getInputStream().read()).isEqualTo(-1);
                        }
                        assertThat(registry.get("robustmq.net.connections")
                                        .gauge()
                                        .value())
                                .isEqualTo(1);
                    }
                    assertThat(registry.get("robustmq.net.connections.refused")
                                    .tag("limit", "total")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(address, 5_000);
        return socket;
    }

    /** Echoes, and says goodbye when drained. Thread-safe. */
    private static final class Greeter implements ProtocolPlugin {
        private final int port;
        private final Queue<Channel> channels = new ConcurrentLinkedQueue<>();
        private final Queue<String> probed = new ConcurrentLinkedQueue<>();
        private volatile java.util.function.Supplier<String> probe = () -> "not asked";
        private volatile boolean drains = true;

        Greeter(int port) {
            this.port = port;
        }

        @Override
        public String name() {
            return "greeter";
        }

        @Override
        public List<ListenerSpec> listeners() {
            return List.of(ListenerSpec.tcp("greeter", port, (channel, loop, connection) -> {
                channels.add(channel);
                channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        ByteBuf in = (ByteBuf) message;
                        context.writeAndFlush(context.alloc().buffer().writeBytes(in));
                        in.release();
                    }
                });
            }));
        }

        @Override
        public CompletionStage<Void> drain(Duration timeMax) {
            if (!drains) {
                return new CompletableFuture<>();
            }
            probed.add(probe.get());
            CompletableFuture<?>[] farewells = channels.stream()
                    .map(channel -> {
                        CompletableFuture<Void> said = new CompletableFuture<>();
                        channel.writeAndFlush(channel.alloc().buffer().writeBytes("goodbye".getBytes()))
                                .addListener(done -> channel.close().addListener(closed -> said.complete(null)));
                        return said;
                    })
                    .toArray(CompletableFuture<?>[]::new);
            return CompletableFuture.allOf(farewells);
        }
    }
}
