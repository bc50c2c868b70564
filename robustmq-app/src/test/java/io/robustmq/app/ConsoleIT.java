/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.NodeFolder;
import io.robustmq.kafka.ClientTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The console in Chromium, served by the packaged jar to whoever has logged in: every page, a user made, records browsed, text that
 * means harm, and somebody who may only look. With {@code -Drecord=true} the pictures of docs/images are taken.
 */
class ConsoleIT {
    private static final String PASSWORD = "correct horse battery";
    private static final String HARM = "<script>hacked=1</script><img src=x onerror=hacked=1>";
    private static final Path IMAGES = Path.of("..", "docs", "images");
    private static final int IMAGE_BYTES_MAX = 150 * 1024;

    @TempDir
    Path temp;

    private final RunningNode.Ports ports = RunningNode.Ports.free();

    private Process mosquitto(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(1, List.of("-h", "127.0.0.1", "-p", "" + ports.tcp()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void publish(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("mosquitto_pub", "-q", "1"));
        command.addAll(List.of(words));
        Process process = mosquitto(command.toArray(String[]::new));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void everyPageDoesInABrowserWhatItSays() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/chromium")),
                "Chromium is not installed and the console not tested in it (apt-get install chromium)");
        ClientTools.assumeInstalled();
        NodeFolder folder = NodeFolder.of("console");
        boolean records = Boolean.getBoolean("record");
        Path password = Files.writeString(temp.resolve("password"), PASSWORD);
        Map<String, String> keys =
                Map.of("robustmq.admin.loopback", "secured", "robustmq.admin.password-file", password.toString());
        try (RunningNode node = RunningNode.launch(
                        temp.resolve("data"), temp.resolve("node.log"), ports, Map.of(), keys)
                .awaitReady()) {
            // A node is ready before its first account is.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!node.log().contains("has the password of robustmq.admin.password-file")) {
                assertThat(System.nanoTime()).as(node.log()).isLessThan(deadline);
            }
            node.ctl("--user", "admin", "--password-file", password.toString(), "topics", "create", "orders")
                    .ok();
            publish("-t", "orders", "-m", "{\"customer\":7,\"items\":[\"tea\"]}");
            publish("-t", "orders", "-m", HARM);
            publish("-t", "orders", "-m", "plain text");
            Process held = mosquitto("mosquitto_sub", "-i", HARM, "-t", "hall/#");
            try {
                JsonNode saw = drive(folder, records);
                assertThat(held.waitFor(30, TimeUnit.SECONDS))
                        .as("mosquitto_sub tries again, but this one was closed")
                        .isNotNull();
                check(saw);
            } finally {
                held.destroyForcibly();
            }
            assertThat(node.ctl("--user", "admin", "--password-file", password.toString(), "audit", "tail")
                            .ok())
                    .contains("/actuator/users", "/actuator/connections/", "/actuator/admins", "LOGIN", "LOGOUT")
                    .doesNotContain("open sesame");
        }
        if (records) {
            try (Stream<Path> images = Files.list(IMAGES)) {
                assertThat(images.filter(file -> file.toFile().length() > IMAGE_BYTES_MAX))
                        .isEmpty();
            }
        }
    }

    private JsonNode drive(NodeFolder folder, boolean records) throws Exception {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("base", "http://127.0.0.1:" + ports.admin());
        asked.put("password", PASSWORD);
        if (records) {
            asked.put(
                    "shots",
                    Files.createDirectories(IMAGES).toAbsolutePath().normalize().toString());
        }
        Path errors = temp.resolve("driver.err");
        Process driver = folder.program("driver.js", JsonMapper.shared().writeValueAsString(asked))
                .redirectError(errors.toFile())
                .start();
        driver.getOutputStream().close();
        String said = new String(driver.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(driver.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(driver.exitValue()).as(said + Files.readString(errors)).isZero();
        return JsonMapper.shared().readTree(said);
    }

    private static void check(JsonNode saw) {
        assertThat(saw.path("troubles")).as("%s", saw.path("troubles")).isEmpty();
        assertThat(saw.path("pages").size()).isGreaterThan(18);
        for (JsonNode page : saw.path("pages")) {
            assertThat(page.path("status").asInt()).as("%s", page).isEqualTo(200);
            assertThat(page.path("alerts").asInt()).as("%s", page).isZero();
            assertThat(page.path("policy").asString())
                    .contains("script-src 'self'")
                    .doesNotContain("unsafe");
        }
        JsonNode facts = saw.path("facts");
        assertThat(facts.path("refused").asString()).isEqualTo("Nobody has this name and password.");
        assertThat(facts.path("entered").asString()).isEqualTo("Overview");
        assertThat(facts.path("charts").asInt()).isEqualTo(4);
        assertThat(facts.path("news").asInt()).isEqualTo(200);
        assertThat(facts.path("chartsAfterNews").asInt()).isEqualTo(4);
        assertThat(facts.path("userNotice").asString()).isEqualTo("The user was added.");
        assertThat(facts.path("userRow").asInt()).isEqualTo(1);
        assertThat(facts.path("passwordOnPage").asBoolean()).isFalse();
        assertThat(texts(facts, "payloads"))
                .anyMatch(text -> text.contains("\"customer\" : 7"))
                .contains(HARM, "plain text");
        assertThat(facts.path("published").asString()).isEqualTo("The message was published.");
        assertThat(texts(facts, "kinds")).contains("json", "text");
        assertThat(texts(facts, "byKey")).containsExactly("by key");
        assertThat(texts(facts, "byOffset")).contains("plain text");
        assertThat(facts.path("filteredAddress").asString()).contains("filter=nothing-like-it");
        assertThat(facts.path("focusStays").asString()).isEqualTo("filter");
        assertThat(texts(facts, "clientCell")).contains(HARM);
        assertThat(facts.path("closed").asString()).isEqualTo("The connection was closed.");
        assertThat(facts.path("hacked").asString()).isEqualTo("undefined");
        JsonNode viewer = facts.path("viewer");
        assertThat(texts(viewer, "menu")).contains("Topics").doesNotContain("Users", "Audit log");
        assertThat(viewer.path("users").asInt()).isEqualTo(403);
        assertThat(viewer.path("usersSaid").asString()).contains("needs the role admin");
        assertThat(viewer.path("forms").asInt()).isZero();
        assertThat(viewer.path("localTime").asString()).endsWith("UTC");
        assertThat(viewer.path("forged").asInt()).isEqualTo(403);
        assertThat(viewer.path("withoutToken").asInt()).isEqualTo(403);
        assertThat(facts.path("afterLogout").asString()).isEqualTo("Log in");
        assertThat(facts.path("afterLogoutTopics").asString()).isEqualTo("Log in");
    }

    private static List<String> texts(JsonNode of, String field) {
        return of.path(field).valueStream().map(JsonNode::asString).toList();
    }
}
