/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.RunningNode.Ports;
import io.robustmq.app.bench.BenchCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ctl}, {@code bench} and the admin API against the packaged jar with its shipped options and keys. */
class ToolsIT {
    @TempDir
    static Path directory;

    private static RunningNode node;
    private static int kafkaPort;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void startNode() throws Exception {
        Ports ports = Ports.free();
        List<String> command = new ArrayList<>(List.of(javaBinary(), "@" + shipped("jvm.options"), "-jar", jar()));
        command.add("--spring.config.additional-location=" + shipped("standalone.yaml"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            kafkaPort = free.getLocalPort();
        }
        Map<String, String> more = Map.of("robustmq.kafka.tcp.port", "" + kafkaPort);
        ports.keys(directory.resolve("data"), more).forEach((key, value) -> command.add("--" + key + "=" + value));
        node = RunningNode.launch(new ProcessBuilder(command), directory.resolve("node.log"), ports)
                .awaitReady();
    }

    @AfterAll
    static void stopNode() throws Exception {
        node.terminate();
        node.awaitExit(Duration.ofSeconds(60));
    }

    @Test
    void aTopicLivesFromCreateToDelete() {
        assertThat(ctl("topics", "create", "orders", "--partitions", "2"))
                .as(err.toString())
                .isZero();
        assertThat(ctl("topics", "create", "orders")).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(ctl("topics", "publish", "orders", "--key", "k", "--value", "v" + i))
                    .as(err.toString())
                    .isZero();
        }
        assertThat(lines("topics", "read", "orders", "--from", "earliest", "--limit", "10"))
                .extracting(line -> line.path("value").asString(""))
                .containsExactly("v0", "v1", "v2");
        JsonNode last = lines("topics", "read", "orders", "--from", "latest", "--limit", "1")
                .get(0);
        assertThat(last.propertyNames())
                .contains("partition", "offset", "timestamp", "subject", "key", "headers", "value");
        assertThat(last.path("key").asString("")).isEqualTo("k");
        assertThat(ctl("topics", "read", "orders", "--partition", "7")).isEqualTo(1);
        assertThat(ctl("topics", "delete", "orders")).isZero();
        assertThat(ctl("topics", "show", "orders")).isEqualTo(1);
    }

    @Test
    void theClusterAndTheCatchAllAreListed() {
        assertThat(ctl("cluster", "status")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("broker,meta", "metadata", "Volatile  memory");
        assertThat(ctl("topics", "list")).isZero();
        assertThat(out.toString()).contains("mqtt", "yes");
        assertThat(ctl("connections", "list")).isZero();
        assertThat(ctl("connections", "kick", "999999")).isEqualTo(1);
    }

    @Test
    void everyShapeOfLoadArrivesWhole() {
        assertWhole(bench("fanin", node.ports().tcp(), "--qos", "0"));
        assertWhole(bench("fanout", node.ports().tcp(), "--qos", "1", "-V", "5"));
        assertWhole(bench("pair", node.ports().tcp(), "--qos", "2", "--pairs", "5"));
        assertWhole(bench("pair", node.ports().tcp(), "--qos", "1", "--pairs", "5", "--rate", "500"));
        assertWhole(bench("pair", node.ports().webSocket(), "--qos", "1", "--pairs", "5", "--transport", "ws"));
    }

    @Test
    void everyShapeOfLoadOfKafkaArrivesWhole() {
        assertWhole(kafka("produce", "acknowledged", "--partitions", "3", "--producers", "2", "--linger", "5ms"));
        assertWhole(kafka("produce", "acknowledged", "--rate", "500", "--acks", "1", "--compression", "lz4"));
        assertWhole(kafka("consume", "received", "--partitions", "2", "--records", "5000"));
        JsonNode report = kafka("e2e", "received", "--rate", "500", "--partitions", "2", "--warmup", "500ms");
        assertWhole(report);
        assertThat(report.path("p99Millis").asDouble(0)).isPositive();
    }

    private JsonNode kafka(String shape, String counted, String... more) {
        List<String> arguments = new ArrayList<>(List.of("kafka", shape, "--port", "" + kafkaPort));
        arguments.addAll(List.of("--duration", "1s", "--pid", "" + node.pid(), "--json"));
        arguments.addAll(List.of(more));
        JsonNode report = run(BenchCommand.commandLine(), arguments);
        assertThat(report.path(counted).asLong(0)).as(report.toString()).isPositive();
        assertThat(report.path("serverCpuMicrosPerRecord").asDouble(0)).isPositive();
        return report;
    }

    @Test
    void connectionsAreOpenedAndKept() {
        JsonNode report = run(
                BenchCommand.commandLine(),
                List.of(
                        "mqtt",
                        "conn",
                        "--port",
                        "" + node.ports().tcp(),
                        "--clients",
                        "50",
                        "--hold",
                        "100ms",
                        "--json"));
        assertThat(report.path("connected").asInt(0)).as(report.toString()).isEqualTo(50);
        assertThat(report.path("aliveAfterHold").asInt(0)).isEqualTo(50);
    }

    @Test
    void metricsAndLinksAreServed() throws Exception {
        assertThat(node.get("/actuator/prometheus").body())
                .contains("robustmq_mqtt_connects_total", "robustmq_memory_used_bytes");
        assertThat(node.get("/actuator").body()).contains("\"topics\"", "\"connections\"", "\"cluster\"");
    }

    /** On kept connections, one in some hundred requests was once never answered. */
    @Test
    void everyRequestOfAClientIsAnswered() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.ports().admin() + "/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(60))
                .build();
        for (int i = 0; i < 1_000; i++) {
            assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theJarSaysItsVersionWithoutStartingANode() throws Exception {
        Path file = directory.resolve("version");
        Process process = new ProcessBuilder(javaBinary(), "-jar", jar(), "--version")
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(file)).startsWith("RobustMQ ");
    }

    private JsonNode bench(String shape, int port, String... more) {
        List<String> arguments = new ArrayList<>(List.of("mqtt", shape, "--port", "" + port, "--duration", "500ms"));
        arguments.addAll(List.of("--pid", "" + node.pid(), "--json"));
        arguments.addAll(List.of(more));
        JsonNode report = run(BenchCommand.commandLine(), arguments);
        assertThat(report.path("received").asLong(0)).as(report.toString()).isPositive();
        assertThat(report.path("serverCpuMicrosPerMessage").asDouble(0)).isPositive();
        return report;
    }

    private JsonNode run(CommandLine command, List<String> arguments) {
        StringWriter text = new StringWriter();
        command.setOut(new PrintWriter(text, true));
        command.setErr(new PrintWriter(err, true));
        assertThat(command.execute(arguments.toArray(String[]::new)))
                .as(err.toString())
                .isZero();
        return JsonMapper.shared().readTree(text.toString());
    }

    private static void assertWhole(JsonNode report) {
        assertThat(report.path("lost").asLong(-1)).as(report.toString()).isZero();
        assertThat(report.path("duplicated").asLong(-1)).as(report.toString()).isZero();
        assertThat(report.path("reordered").asLong(-1)).as(report.toString()).isZero();
    }

    private List<JsonNode> lines(String... arguments) {
        out.getBuffer().setLength(0);
        assertThat(ctl(arguments)).as(err.toString()).isZero();
        return out.toString()
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private int ctl(String... arguments) {
        RunningNode.Said said = node.ctl(arguments);
        out.append(said.out());
        err.append(said.err());
        return said.code();
    }

    /** A file of the repository's config directory; tests run in the directory of their module. */
    private static Path shipped(String name) {
        return Path.of("..", "config", name);
    }

    private static String javaBinary() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String jar() {
        return System.getProperty("robustmq.jar", "target/robustmq.jar");
    }
}
