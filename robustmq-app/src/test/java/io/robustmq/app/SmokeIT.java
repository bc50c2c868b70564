/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.robustmq.app.RunningNode.Ports;
import io.robustmq.mqtt.clients.HiveMq5Client;
import io.robustmq.mqtt.clients.TestClient;
import io.robustmq.mqtt.clients.TestClient.Login;
import io.robustmq.mqtt.clients.TestClient.Message;
import io.robustmq.mqtt.clients.Transport;
import io.robustmq.node.NodePhase;
import io.robustmq.rpc.meta.GroupStatus;
import io.robustmq.rpc.meta.MetaServiceGrpc;
import io.robustmq.rpc.meta.StatusReply;
import io.robustmq.rpc.meta.StatusRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One life of a node, packaged as it is shipped: started, used over each of its doors, stopped, started, killed, started.
 * The tests are its chapters, because each start takes seconds.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SmokeIT {
    private static final Duration STOP_MAX = Duration.ofSeconds(30);
    private static final String BINARY_METRICS =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily";
    private static final int TERMINATED_BY_SIGNAL_15 = 128 + 15;

    @TempDir
    static Path directory;

    private static final Ports PORTS = Ports.free();
    private static RunningNode node;

    @BeforeAll
    static void startFirst() throws Exception {
        start("first");
    }

    @AfterAll
    static void stopLast() throws Exception {
        node.close();
    }

    private static void start(String name) throws Exception {
        // What Kubernetes puts into each pod beside a service called robustmq.
        Map<String, String> environment = Map.of("ROBUSTMQ_PORT_1883_TCP_ADDR", "10.0.0.1");
        node = RunningNode.launch(
                directory.resolve("data"), directory.resolve(name + ".log"), PORTS, environment, Map.of());
        node.awaitReady();
    }

    private static TestClient client(Transport transport, String id) throws Exception {
        TestClient client = new HiveMq5Client(transport);
        int port = transport == Transport.TCP ? PORTS.tcp() : PORTS.webSocket();
        client.connect(new Login(port, id, true, null));
        return client;
    }

    private static List<JsonNode> records(String topic) {
        return node.ctl("topics", "read", topic, "--from", "earliest", "--limit", "1000")
                .ok()
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private static JsonNode json(String... ctl) {
        return JsonMapper.shared().readTree(node.ctl(ctl).ok());
    }

    @Test
    @Order(1)
    void phasesCameInTheirOrderAndTheEnvironmentDidNoHarm() throws Exception {
        List<NodePhase> seen = node.phases().stream().map(NodePhase::valueOf).toList();
        assertThat(seen).isSorted().endsWith(NodePhase.READY);
        assertThat(node.log())
                .containsSubsequence("leads group metadata", "everybody may do everything", "is ready")
                .contains("ROBUSTMQ_PORT_1883_TCP_ADDR")
                .contains("volatile")
                .contains("roles meta, broker")
                .contains("http 127.0.0.1:" + PORTS.admin())
                .contains("tcp 127.0.0.1:" + PORTS.tcp() + ", websocket 127.0.0.1:" + PORTS.webSocket());
    }

    @Test
    @Order(2)
    void httpTellsHealthMetricsClusterAndTopics() throws Exception {
        assertThat(node.get("/actuator/health").body()).startsWith("{").contains("\"status\":\"UP\"");
        assertThat(node.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(node.get("/actuator/health/readiness").body()).contains("\"status\":\"UP\"");
        assertThat(node.get("/actuator/health/liveness").body()).contains("\"status\":\"UP\"");
        assertThat(node.get("/actuator/prometheus").body()).contains("\nrobustmq_");
        assertThat(node.get("/actuator/prometheus", BINARY_METRICS).body()).contains("\nrobustmq_");
        JsonNode cluster =
                JsonMapper.shared().readTree(node.get("/actuator/cluster").body());
        assertThat(cluster.path("nodes").path(0).path("alive").asBoolean()).isTrue();
        assertThat(cluster.path("nodes")
                        .path(0)
                        .path("listeners")
                        .path("mqtt-tcp")
                        .asString(""))
                .isEqualTo("127.0.0.1:" + PORTS.tcp());
        assertThat(cluster.path("groups").size()).isEqualTo(3);
        assertThat(node.get("/actuator/topics").body()).contains("\"name\":\"mqtt\"", "\"volatile\":true");
        assertThat(node.get("/actuator/topics/absent").statusCode()).isEqualTo(404);
        assertThat(node.get("/actuator/sessions").body()).contains("\"sessions\":[");
        assertThat(node.get("/actuator/sessions?clientId=nobody").statusCode()).isEqualTo(404);
        assertThat(node.get("/actuator/subscriptions").body()).contains("\"subscriptions\":[");
        assertThat(node.get("/actuator/retained?subject=nothing").statusCode()).isEqualTo(404);
        for (String wrong : List.of("0", "10001", "many")) {
            assertThat(node.get("/actuator/sessions?limit=" + wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
            assertThat(node.get("/actuator/subscriptions?limit=" + wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(node.ctl("sessions", "delete", "nobody").code()).isNotZero();
    }

    @Test
    @Order(3)
    void theInnerPortSpeaksGrpc() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", PORTS.rpc())
                .usePlaintext()
                .build();
        try {
            StatusReply reply = MetaServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .status(StatusRequest.newBuilder().setCluster("robustmq").build());
            assertThat(reply.getNode()).isEqualTo(1);
            assertThat(reply.getGroupsList())
                    .extracting(GroupStatus::getName)
                    .containsExactlyInAnyOrder("metadata", "offset", "data");
            MethodDescriptor<StatusRequest, StatusReply> absent = MetaServiceGrpc.getStatusMethod().toBuilder()
                    .setFullMethodName("nobody.Service/Call")
                    .build();
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() ->
                            ClientCalls.blockingUnaryCall(channel, absent, options, StatusRequest.getDefaultInstance()))
                    .satisfies(
                            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
        } finally {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Order(4)
    void mosquittosMessagesArriveAndAreKeptOnce() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mosquitto_sub"))),
                "Mosquitto's clients are not installed (apt-get install mosquitto-clients)");
        Path heard = directory.resolve("heard");
        String port = Integer.toString(PORTS.tcp());
        Process subscriber = new ProcessBuilder(
                        ("stdbuf -oL mosquitto_sub -h 127.0.0.1 -p " + port + " -t sensors/# -V 5 -q 1 -v -d -C 3")
                                .split(" "))
                .redirectErrorStream(true)
                .redirectOutput(heard.toFile())
                .start();
        awaitSubscribed(heard);
        for (String message : List.of("sensors/1/temp 21.5", "sensors/2/temp 3.0", "sensors/1/temp 21.6")) {
            String[] topicAndText = message.split(" ");
            Process publisher = new ProcessBuilder(("mosquitto_pub -h 127.0.0.1 -p " + port + " -V 5 -q 1 -t "
                                    + topicAndText[0] + " -m " + topicAndText[1])
                            .split(" "))
                    .inheritIO()
                    .start();
            assertThat(publisher.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(publisher.exitValue()).isZero();
        }
        assertThat(subscriber.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(heard))
                .filteredOn(line -> line.startsWith("sensors/"))
                .containsExactly("sensors/1/temp 21.5", "sensors/2/temp 3.0", "sensors/1/temp 21.6");
        assertThat(records("mqtt"))
                .extracting(record -> record.path("key").asString() + " "
                        + record.path("value").asString())
                .containsExactlyInAnyOrder("sensors/1/temp 21.5", "sensors/2/temp 3.0", "sensors/1/temp 21.6");
        assertThat(records("mqtt"))
                .allSatisfy(record -> assertThat(record.path("subject").asString())
                        .isEqualTo(record.path("key").asString()));
    }

    private static void awaitSubscribed(Path log) throws Exception {
        long deadline = System.nanoTime() + TestClient.TIMEOUT.toNanos();
        while (!Files.readString(log).contains("Subscribed (mid")) {
            assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(deadline);
        }
    }

    @Test
    @Order(5)
    void tcpAndWebSocketMeet() throws Exception {
        try (TestClient tcp = client(Transport.TCP, "tcp");
                TestClient webSocket = client(Transport.WEB_SOCKET, "web")) {
            tcp.subscribe("meet/tcp", 1);
            webSocket.subscribe("meet/web", 1);
            tcp.publish(List.of(Message.of("meet/web", "from tcp", 1)));
            webSocket.publish(List.of(Message.of("meet/tcp", "from web", 1)));
            assertThat(tcp.received().poll(20, TimeUnit.SECONDS)).hasToString("meet/tcp=from web@1");
            assertThat(webSocket.received().poll(20, TimeUnit.SECONDS)).hasToString("meet/web=from tcp@1");
        }
    }

    @Test
    @Order(6)
    void anAdministratorKicksAConnection() throws Exception {
        try (TestClient client = client(Transport.TCP, "kicked")) {
            JsonNode connections = json("-o", "json", "connections", "list").path("connections");
            long last = 0;
            for (JsonNode connection : connections) {
                last = Math.max(last, connection.path("id").asLong());
            }
            node.ctl("connections", "kick", Long.toString(last), "--reason", "test")
                    .ok();
            assertThat(client.lost().get(20, TimeUnit.SECONDS)).isIn(0x98, -1);
        }
    }

    @Test
    @Order(7)
    void topicsAreCreatedPublishedToAndDeleted() {
        node.ctl("topics", "create", "kept", "--partitions", "2", "--binding", "kept/#")
                .ok();
        node.ctl("topics", "create", "dropped").ok();
        node.ctl("topics", "publish", "kept", "--subject", "kept/1", "--value", "v")
                .ok();
        assertThat(records("kept"))
                .extracting(record -> record.path("value").asString())
                .containsExactly("v");
        assertThat(json("-o", "json", "topics", "show", "kept")
                        .path("partitions")
                        .asInt())
                .isEqualTo(2);
        assertThat(node.ctl("topics", "list").ok()).contains("kept", "dropped", "mqtt");
        node.ctl("topics", "delete", "dropped").ok();
        assertThat(node.ctl("topics", "list").ok()).doesNotContain("dropped");
        assertThat(node.ctl("cluster", "status").ok()).contains("metadata", "offset", "data", "alive");
    }

    @Test
    @Order(8)
    void aSignalDrainsAndEndsTheNodeInTime() throws Exception {
        try (TestClient client = client(Transport.TCP, "drained");
                TestClient web = client(Transport.WEB_SOCKET, "drained-web")) {
            node.terminate();
            assertThat(client.lost().get(STOP_MAX.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(0x8B);
            assertThat(web.lost().get(STOP_MAX.toSeconds(), TimeUnit.SECONDS)).isEqualTo(0x8B);
        }
        // A JVM that ends by a signal says so, however orderly its hooks went.
        assertThat(node.awaitExit(STOP_MAX)).isEqualTo(TERMINATED_BY_SIGNAL_15);
        assertThat(node.log()).doesNotContain("\tat ", "The lease of node");
    }

    @Test
    @Order(9)
    void aRestartKeepsTopicsAndLosesWhatIsVolatile() throws Exception {
        start("second");
        assertThat(node.log()).contains("lost by a restart").doesNotContain("\tat ");
        JsonNode kept = json("-o", "json", "topics", "show", "kept");
        assertThat(kept.path("partitions").asInt()).isEqualTo(2);
        assertThat(kept.path("bindings").path(0).asString()).contains("kept");
        assertThat(node.ctl("topics", "list").ok()).doesNotContain("dropped");
        assertThat(records("mqtt")).isEmpty();
        assertThat(records("kept"))
                .extracting(record -> record.path("value").asString())
                .containsExactly("v");
        assertThat(node.get("/actuator/shards?topic=kept").body())
                .contains("\"shard\":\"kept-1\"", "\"state\":\"open\"");
    }

    @Test
    @Order(10)
    void aKilledNodeStartsAgain() throws Exception {
        node.ctl("topics", "create", "just-before").ok();
        node.kill();
        start("third");
        assertThat(node.ctl("topics", "list").ok()).contains("just-before", "kept");
        try (TestClient client = client(Transport.TCP, "after")) {
            client.subscribe("after/#", 1);
            client.publish(List.of(Message.of("after/all", "well", 1)));
            assertThat(client.received().poll(20, TimeUnit.SECONDS)).hasToString("after/all=well@1");
        }
        assertThat(records("mqtt")).hasSize(1);
    }
}
