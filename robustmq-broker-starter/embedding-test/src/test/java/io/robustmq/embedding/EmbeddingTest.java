/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.robustmq.rpc.meta.MetaServiceGrpc;
import io.robustmq.rpc.meta.StatusRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The meta, broker and MQTT starters in an application that has its own HTTP and gRPC servers: all of it works, nothing of it
 * is changed, and closing the context takes everything along, twice in one JVM.
 */
class EmbeddingTest {
    private static final long TIMEOUT_SECONDS = 20;

    @TempDir
    Path directory;

    private final List<Integer> ports = freePorts(5);

    private int http() {
        return ports.get(0);
    }

    private int hostGrpc() {
        return ports.get(1);
    }

    private int inner() {
        return ports.get(2);
    }

    private int mqtt() {
        return ports.get(3);
    }

    private int webSocket() {
        return ports.get(4);
    }

    @ParameterizedTest
    @EnumSource(WebApplicationType.class)
    void hostAndBrokerLiveInOneContext(WebApplicationType type) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int round = 1; round <= 2; round++) {
            try (ConfigurableApplicationContext context = start(type)) {
                if (type != WebApplicationType.NONE) {
                    assertThat(greeting()).isEqualTo("hello from the host");
                }
                // Boot adds its own, for health; a service of ours among them would land in the host's server.
                assertThat(context.getBeansOfType(BindableService.class).values())
                        .filteredOn(service -> service.getClass().getName().startsWith("io.robustmq."))
                        .hasSize(1)
                        .allSatisfy(service ->
                                assertThat(service.getClass().getName()).contains("HostApplication"));
                assertServicesOfTheirOwnPorts();
                assertMessagesTravel("round-" + round);
            }
            assertNothingIsLeft(before);
        }
    }

    private ConfigurableApplicationContext start(WebApplicationType type) {
        return new SpringApplicationBuilder(HostApplication.class)
                .web(type)
                .run(
                        "--server.port=" + http(),
                        "--spring.grpc.server.port=" + hostGrpc(),
                        "--robustmq.data-dir=" + directory.resolve("data"),
                        "--robustmq.rpc.port=" + inner(),
                        "--robustmq.mqtt.tcp.port=" + mqtt(),
                        "--robustmq.mqtt.websocket.port=" + webSocket());
    }

    private String greeting() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http() + "/greeting"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** The host's service is on the host's port and ours on ours, and neither is on the other's. */
    private void assertServicesOfTheirOwnPorts() throws Exception {
        ManagedChannel host = channel(hostGrpc());
        ManagedChannel ours = channel(inner());
        try {
            assertThat(greet(host)).isEqualTo("hello device");
            assertThat(status(ours)).isEqualTo(1);
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> greet(ours))
                    .satisfies(EmbeddingTest::assertUnimplemented);
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> status(host))
                    .satisfies(EmbeddingTest::assertUnimplemented);
        } finally {
            host.shutdownNow();
            ours.shutdownNow();
            assertThat(host.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(ours.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static String greet(ManagedChannel channel) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, HostApplication.GREET, options, StringValue.of("device"))
                .getValue();
    }

    private static int status(ManagedChannel channel) {
        return MetaServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .status(StatusRequest.newBuilder().setCluster("robustmq").build())
                .getNode();
    }

    private static void assertUnimplemented(StatusRuntimeException failure) {
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    private void assertMessagesTravel(String text) throws Exception {
        BlockingQueue<String> received = new ArrayBlockingQueue<>(10);
        try (MqttClient tcp = new MqttClient("tcp://127.0.0.1:" + mqtt(), "tcp", new MemoryPersistence());
                MqttClient web =
                        new MqttClient("ws://127.0.0.1:" + webSocket() + "/mqtt", "web", new MemoryPersistence())) {
            tcp.connect();
            web.connect();
            web.subscribe(
                    "embedded/#",
                    1,
                    (topic, message) ->
                            received.add(topic + "=" + new String(message.getPayload(), StandardCharsets.UTF_8)));
            tcp.publish("embedded/1", text.getBytes(StandardCharsets.UTF_8), 1, false);
            assertThat(received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("embedded/1=" + text);
            web.disconnect();
            tcp.disconnect();
        }
    }

    private void assertNothingIsLeft(Set<Thread> before) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        List<String> left = left(before);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            left = left(before);
        }
        assertThat(left).as("threads that would keep the JVM alive").isEmpty();
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                assertThat(socket.isBound()).isTrue();
            }
        }
        try (FileChannel channel = FileChannel.open(directory.resolve("data/node.lock"), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            assertThat(lock).isNotNull();
        }
    }

    private static List<String> left(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive() && !thread.isDaemon())
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
