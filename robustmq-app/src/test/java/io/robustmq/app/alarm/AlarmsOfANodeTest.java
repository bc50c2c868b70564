/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.robustmq.app.access.NodeInProcess;
import io.robustmq.app.access.NodeInProcess.Answer;
import io.robustmq.app.alarm.Finding.Verdict;
import io.robustmq.app.ctl.CtlCommand;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.net.NetServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where a node that runs tells of its alarms. */
class AlarmsOfANodeTest {
    private static final String SECRET = "correct horse battery";

    @TempDir
    static Path directory;

    private static NodeInProcess node;

    @BeforeAll
    static void start() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), SECRET);
        node = NodeInProcess.start(
                directory.resolve("data"),
                Map.of(
                        // The test is the only one who looks.
                        "robustmq.alarms.interval", "0",
                        "robustmq.alarms.history-max", "2",
                        "robustmq.admin.password-file", password.toString(),
                        "robustmq.cluster-name", "red",
                        "robustmq.node-id", "3",
                        "logging.structured.format.console", "ecs"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static void look(Finding... findings) {
        node.context().getBean(AlarmBook.class).look(List.of(findings), true);
    }

    private static Finding damage(String disk, Verdict verdict) {
        return new Finding(
                AlarmKind.DAMAGE_FOUND,
                disk,
                verdict,
                "Stored records of " + disk + " are damaged.",
                Map.of("value", 1));
    }

    private static int mqttPort() {
        return node.context().getBean(NetServer.class).listeners().stream()
                .filter(each -> each.spec().name().equals("mqtt-tcp"))
                .findFirst()
                .orElseThrow()
                .address()
                .getPort();
    }

    private static String ctl(String... arguments) {
        CommandLine commandLine = CtlCommand.commandLine();
        StringWriter out = new StringWriter();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(out));
        String[] all = new String[arguments.length + 2];
        all[0] = "--server";
        all[1] = "127.0.0.1:" + node.port();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        assertThat(commandLine.execute(all)).as("%s", out).isZero();
        return out.toString();
    }

    private static double metric(String line) {
        return node.local("GET", "/actuator/prometheus", null)
                .body()
                .lines()
                .filter(each -> each.startsWith(line))
                .mapToDouble(each -> Double.parseDouble(each.substring(each.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void anAlarmIsToldEverywhereAndClearedEverywhere() {
        try (MqttRawClient client = MqttRawClient.connected(mqttPort(), MqttVersion.V5, "watches")) {
            client.subscribe(1, "$SYS/brokers/+/alarms/#", 0).expectSubAck(1, 0);
            look(damage("/a", Verdict.BAD), damage("/b", Verdict.BAD));
            Publish first = client.expect(Publish.class);
            assertThat(first.topic()).isEqualTo("$SYS/brokers/3/alarms/activate");
            JsonNode told = JsonMapper.shared().readTree(new String(first.payload(), StandardCharsets.UTF_8));
            assertThat(told.path("name").asString()).isEqualTo("damage-found:/a");
            assertThat(told.path("severity").asString()).isEqualTo("critical");
            client.expect(Publish.class);

            Answer page = node.local("GET", "/actuator/alarms?limit=1", null);
            assertThat(page.json().path("alarms").get(0).path("id").asString()).isEqualTo("damage-found:/a");
            assertThat(page.json().path("next").asString()).isEqualTo("damage-found:/a");
            Answer next = node.local("GET", "/actuator/alarms?severity=critical&after=damage-found:/a", null);
            assertThat(next.json().path("alarms")).hasSize(1);
            assertThat(next.json().path("alarms").get(0).path("message").asString())
                    .contains("/b");
            assertThat(node.local("GET", "/actuator/alarms?severity=warning", null)
                            .json()
                            .path("alarms"))
                    .isEmpty();
            assertThat(node.local("GET", "/actuator/alarms?filter=nothing", null)
                            .json()
                            .path("alarms"))
                    .isEmpty();
            assertThat(ctl("alarms", "list")).contains("damage-found:/b").contains("critical");
            assertThat(metric("robustmq_alarms{severity=\"critical\"}")).isEqualTo(2);
            Answer health = node.local("GET", "/actuator/health", null);
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.json().path("status").asString()).isEqualTo("DEGRADED");
            assertThat(health.body()).contains("damage-found:/a");
            assertThat(node.local("GET", "/actuator/health/readiness", null)
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("UP");
            node.awaitConsole("Alarm raised: damage-found:/a. Stored records");

            look();
            assertThat(client.expect(Publish.class).topic()).isEqualTo("$SYS/brokers/3/alarms/deactivate");
        }
        assertThat(metric("robustmq_alarms{")).isZero();
        node.awaitConsole("Alarm cleared: damage-found:/b");
        JsonNode over =
                node.local("GET", "/actuator/alarms?cleared=true&limit=1", null).json();
        assertThat(over.path("alarms").get(0).path("cleared").asString()).isNotBlank();
        assertThat(over.path("next").asString()).isNotBlank();
        assertThat(ctl("alarms", "list", "--cleared"))
                .contains("damage-found:/a")
                .contains("damage-found:/b");
        assertThat(node.local("GET", "/actuator/health", null)
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("UP");
    }

    @Test
    void whatIsWrongWithARequestIsSaid() {
        assertThat(node.local("GET", "/actuator/alarms?severity=high", null).status())
                .isEqualTo(400);
        assertThat(node.local("GET", "/actuator/alarms?limit=0", null).status()).isEqualTo(400);
    }

    @Test
    void everyLineOfAStructuredLogSaysWhichNodeItWas() {
        // Whoever stands between two lines of the log reads both or neither.
        String console = node.awaitConsole("is ready");
        List<JsonNode> lines = console.substring(0, console.lastIndexOf('\n'))
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
        assertThat(lines).hasSizeGreaterThan(3).allSatisfy(line -> {
            assertThat(line.path("cluster").asString()).isEqualTo("red");
            assertThat(line.path("node").asString()).isEqualTo("3");
            assertThat(line.path("message").asString()).isNotBlank();
            assertThat(line.path("log").path("level").asString()).isNotBlank();
            assertThat(line.path("service").path("node").path("name").asString())
                    .isEqualTo("3");
        });
        node.remote("GET", "/actuator/alarms", null, NodeInProcess.basic("admin", SECRET));
        assertThat(node.console()).doesNotContain(SECRET);
    }

    @Test
    void everyMeterThatIsLookedAtExists() {
        MeterRegistry registry = node.context().getBean(MeterRegistry.class);
        assertThat(MeterCheck.meters())
                .allSatisfy(meter ->
                        assertThat(registry.find(meter).meters()).as(meter).isNotEmpty());
    }

    @Test
    void alertRulesHaveTheNamesOfAlarms() throws Exception {
        String rules = Files.readString(Path.of("..", "config", "monitoring", "prometheus-alerts.yaml"));
        List<String> alerts = Pattern.compile("alert: RobustMq(\\w+)")
                .matcher(rules)
                .results()
                .map(found -> found.group(1))
                .toList();
        List<String> names =
                Stream.of(AlarmKind.values()).map(kind -> camel(kind.key())).toList();
        // A node that is down tells nothing, the lag of a group is its own business, and the last is about all alarms.
        assertThat(names)
                .containsAll(alerts.stream()
                        .filter(alert ->
                                !List.of("Down", "ConsumerLag", "Alarms").contains(alert))
                        .toList());
    }

    @Test
    void thePageTellsOfEachAlarm() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "observe.md"));
        List<String> told = page.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
        assertThat(told)
                .containsAll(Stream.of(AlarmKind.values()).map(AlarmKind::key).toList());
        for (AlarmKind kind : AlarmKind.values()) {
            assertThat(page)
                    .contains("| `" + kind.key() + "` | " + kind.severity().key() + " |");
        }
    }

    private static String camel(String key) {
        StringBuilder name = new StringBuilder();
        for (String word : key.split("-")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }
}
