/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.RunningNode.Ports;
import io.robustmq.mqtt.clients.HiveMq5Client;
import io.robustmq.mqtt.clients.TestClient;
import io.robustmq.mqtt.clients.TestClient.Login;
import io.robustmq.mqtt.clients.TestClient.Message;
import io.robustmq.mqtt.clients.Transport;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
 * The examples for three nodes as three processes, their inner ports off the loopback with a shared secret, as docs/cluster.md says.
 * The tests are the chapters of one life, because each start takes seconds.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThreeNodesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BROKER = 1;
    private static final String CLIENT = "meter-7";

    @TempDir
    static Path directory;

    private static final Map<Integer, Ports> PORTS =
            new TreeMap<>(Map.of(1, Ports.free(), 2, Ports.free(), 3, Ports.free()));
    private static final Map<Integer, RunningNode> NODES = new TreeMap<>();
    private static final TestClient MQTT = new HiveMq5Client(Transport.TCP);
    private static int victim;

    @BeforeAll
    static void startAll() throws Exception {
        Files.writeString(directory.resolve("inner.secret"), "0f".repeat(32) + "\n");
        for (int id : PORTS.keySet()) {
            launch(id);
        }
        for (RunningNode node : NODES.values()) {
            node.awaitReady();
        }
    }

    private static RunningNode launch(int id) {
        Map<String, String> keys = new TreeMap<>();
        keys.put("spring.config.additional-location", "file:src/dist/config/cluster-node-" + id + ".yaml");
        keys.put("robustmq.rpc.bind-address", "0.0.0.0");
        keys.put(
                "robustmq.rpc.shared-secret-file",
                directory.resolve("inner.secret").toString());
        PORTS.forEach((each, ports) -> keys.put("robustmq.meta.addresses." + each, "127.0.0.1:" + ports.rpc()));
        Path log = directory.resolve("node-" + id + "-" + System.nanoTime() + ".log");
        RunningNode node = RunningNode.launch(directory.resolve("data-" + id), log, PORTS.get(id), Map.of(), keys);
        NODES.put(id, node);
        return node;
    }

    @AfterAll
    static void stopAll() throws Exception {
        MQTT.close();
        for (RunningNode node : NODES.values()) {
            node.close();
        }
    }

    private static JsonNode json(int node, String path) throws Exception {
        return JsonMapper.shared()
                .readTree(NODES.get(node).get("/actuator/" + path).body());
    }

    /** What the answer has become once it is so. */
    private static JsonNode await(int node, String path, Predicate<JsonNode> wanted) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode answer = json(node, path);
            if (wanted.test(answer)) {
                return answer;
            }
            assertThat(System.nanoTime())
                    .as("%s of node %d: %s", path, node, answer)
                    .isLessThan(deadline);
        }
    }

    private static Stream<JsonNode> rows(JsonNode answer, String field) {
        return answer.path(field).valueStream();
    }

    private static boolean isLed(JsonNode cluster) {
        return rows(cluster, "groups").count() == 3
                && rows(cluster, "groups")
                        .allMatch(group -> !group.path("leader").asString("").isEmpty());
    }

    @Test
    @Order(1)
    void allThreeAgreeOnALeader() throws Exception {
        for (int id : NODES.keySet()) {
            JsonNode cluster = await(id, "cluster", ThreeNodesIT::isLed);
            assertThat(rows(cluster, "groups"))
                    .allSatisfy(group -> assertThat(group.path("peers")).hasSize(3));
            assertThat(NODES.get(id).log()).contains("0.0.0.0:" + PORTS.get(id).rpc() + " (shared secret)");
        }
        assertThat(NODES.values()).allSatisfy(node -> assertThat(node.log()).doesNotContain("0f0f0f0f"));
        assertThat(json(2, "config").toString()).doesNotContain("0f0f0f0f");
    }

    @Test
    @Order(2)
    void anyNodeAnswersForTheCluster() throws Exception {
        MQTT.connect(new Login(PORTS.get(BROKER).tcp(), CLIENT, false, null));
        MQTT.subscribe("plant/#", 1);
        NODES.get(BROKER).ctl("topics", "create", "orders", "--engine", "file").ok();
        NODES.get(BROKER).ctl("topics", "publish", "orders", "--value", "one").ok();
        for (int id : NODES.keySet()) {
            JsonNode connections = await(
                    id,
                    "connections?client=" + CLIENT,
                    answer -> answer.path("connections").size() == 1);
            assertThat(connections.path("connections").get(0).path("node").asInt())
                    .isEqualTo(BROKER);
            assertThat(connections.path("incomplete")).isEmpty();
            assertThat(json(id, "sessions?clientId=" + CLIENT).path("node").asInt())
                    .isEqualTo(BROKER);
            assertThat(NODES.get(id).ctl("shards", "list", "--topic", "orders").ok())
                    .contains("orders-0", " open");
            assertThat(rows(json(id, "audit?filter=topics"), "audit"))
                    .anySatisfy(each -> assertThat(each.path("node").asInt()).isEqualTo(BROKER));
        }
    }

    @Test
    @Order(3)
    void withoutOneKeeperOfTheMetadataEverythingGoesOn() throws Exception {
        String leader = rows(json(BROKER, "cluster"), "groups")
                .filter(group -> group.path("name").asString("").equals("metadata"))
                .map(group -> group.path("leader").asString(""))
                .findFirst()
                .orElseThrow();
        victim = leader.endsWith(":" + PORTS.get(3).rpc()) ? 3 : 2;
        int other = 5 - victim;
        NODES.get(victim).kill();

        MQTT.publish(List.of(Message.of("plant/1", "21.5", 1)));
        assertThat(MQTT.received().poll(20, TimeUnit.SECONDS)).hasToString("plant/1=21.5@1");
        await(other, "cluster", ThreeNodesIT::isLed);
        NODES.get(BROKER).ctl("topics", "create", "later", "--engine", "file").ok();
        NODES.get(BROKER).ctl("topics", "publish", "orders", "--value", "two").ok();
        assertThat(NODES.get(BROKER).ctl("topics", "read", "orders").ok()).contains("one", "two");

        JsonNode audit = json(other, "audit");
        assertThat(rows(audit, "incomplete"))
                .singleElement()
                .satisfies(missing -> assertThat(missing.path("node").asInt()).isEqualTo(victim));
        assertThat(rows(audit, "audit")).isNotEmpty();
        assertThat(json(other, "connections?client=" + CLIENT).path("connections"))
                .hasSize(1);
    }

    @Test
    @Order(4)
    void theLostOneComesBackAndSoDoesABrokerThatIsRestarted() throws Exception {
        launch(victim).awaitReady();
        JsonNode behind = await(victim, "cluster", ThreeNodesIT::isLed);
        await(
                victim,
                "cluster",
                answer -> answer.path("revision").asLong()
                                >= behind.path("revision").asLong()
                        && rows(answer, "nodes")
                                .anyMatch(node -> node.path("alive").asBoolean()));

        NODES.get(BROKER).terminate();
        NODES.get(BROKER).awaitExit(PATIENCE);
        launch(BROKER).awaitReady();
        assertThat(NODES.get(BROKER).ctl("topics", "read", "orders").ok()).contains("one", "two");
        await(
                victim,
                "sessions",
                answer -> rows(answer, "sessions")
                        .anyMatch(
                                session -> session.path("clientId").asString("").equals(CLIENT)));
    }

    @Test
    @Order(5)
    void theyEndWhenAskedAndLeaveTheirPorts() throws Exception {
        for (RunningNode node : NODES.values()) {
            node.terminate();
        }
        for (RunningNode node : NODES.values()) {
            node.awaitExit(PATIENCE);
        }
        for (Ports ports : PORTS.values()) {
            for (int port : new int[] {ports.admin(), ports.rpc(), ports.tcp(), ports.webSocket(), ports.kafka()}) {
                new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            }
        }
    }
}
