/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import static io.robustmq.app.access.NodeInProcess.basic;
import static io.robustmq.app.access.NodeInProcess.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.access.NodeInProcess.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;

/** One node, one start: what it lets whom do from where. */
class AdminAccessTest {
    private static final Pattern PASSWORD = Pattern.compile("password {2}([a-z0-9-]{29})");
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    @TempDir
    static Path directory;

    private static NodeInProcess node;
    private static String password;

    @BeforeAll
    static void start() {
        // Believes what any header says of where a request comes from; the door must not.
        node = NodeInProcess.start(
                directory.resolve("data"),
                Map.of(
                        "server.forward-headers-strategy",
                        "framework",
                        "logging.file.name",
                        directory.resolve("node.log").toString()));
        Matcher told = PASSWORD.matcher(node.awaitConsole("Another password:"));
        assertThat(told.find()).isTrue();
        password = told.group(1);
        node.awaitConsole("is on the console");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String token(String role) {
        Answer created = node.remote(
                "POST",
                "/actuator/tokens",
                "{\"description\":\"a test\",\"role\":\"" + role + "\"}",
                basic("admin", password));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return created.json().path("token").asString();
    }

    @Test
    void theFirstPasswordIsOnTheConsoleOnceAndNowhereElse() throws IOException {
        assertThat(node.console().split(Pattern.quote(password), -1)).hasSize(2);
        byte[] wanted = password.getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> holds(file, wanted)))
                    .isEmpty();
        }
        assertThat(Files.readString(directory.resolve("node.log"))).contains("its password is on the console");
    }

    private static boolean holds(Path file, byte[] wanted) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return text.contains(new String(wanted, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> everyPath() {
        List<String> paths = new ArrayList<>();
        node.context().getBean(PathMappedEndpoints.class).getAllPaths().forEach(path -> {
            paths.add(path);
            paths.add(path + "/x");
            paths.add(path + "/x/records");
        });
        paths.addAll(List.of(
                "/",
                "/actuator",
                "/actuator/",
                "/actuator/health/robustmq",
                "/x",
                "/actuator/env",
                "/actuator/heapdump"));
        return paths;
    }

    @Test
    void offTheLoopbackNobodyIsAnsweredWithoutLoginButForHealth() {
        List<String> open = List.of("/actuator/health");
        assertThat(everyPath()).contains("/actuator/topics", "/actuator/tokens", "/actuator/prometheus");
        for (String path : everyPath()) {
            for (String method : METHODS) {
                boolean looks = method.equals("GET") || method.equals("HEAD");
                if (looks && open.contains(path)) {
                    continue;
                }
                Answer answer = node.remote(method, path, null);
                assertThat(answer.status()).as(method + " " + path).isEqualTo(401);
                assertThat(answer.head())
                        .contains("application/problem+json", "WWW-Authenticate: Basic", "WWW-Authenticate: Bearer");
            }
        }
        for (String path : List.of("", "/liveness", "/readiness", "/startup")) {
            Answer health = node.remote("GET", "/actuator/health" + path, null);
            assertThat(health.status()).as(health.body()).isEqualTo(200);
            assertThat(health.body()).contains("\"status\":\"UP\"").doesNotContain("components", "details");
        }
        Answer refused = node.remote("GET", "/actuator/topics", null);
        assertThat(refused.json().path("title").asString()).isEqualTo("Unauthorized");
        assertThat(refused.json().path("error").asString()).isEqualTo("UNAUTHENTICATED");
        assertThat(refused.json().path("remedy").asString()).contains("Bearer");
    }

    @Test
    void theLoopbackIsOpenForWhoeverSpeaksForItself() {
        assertThat(node.local("GET", "/actuator/topics", null).status()).isEqualTo(200);
        assertThat(node.local("GET", "/actuator/health", null).body()).contains("components");
        assertThat(node.local("GET", "/actuator/topics", null, "Host: localhost:58080")
                        .status())
                .isEqualTo(200);
        List<String> suspicious = List.of(
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-Host: localhost",
                "Forwarded: for=127.0.0.1",
                "X-Real-IP: 127.0.0.1",
                "Via: 1.1 proxy",
                "Host: attacker.example",
                "Origin: http://attacker.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site");
        for (String header : suspicious) {
            assertThat(node.local("GET", "/actuator/topics", null, header).status())
                    .as(header)
                    .isEqualTo(401);
        }
        assertThat(node.local("GET", "/actuator/topics", null, "Sec-Fetch-Site: none")
                        .status())
                .isEqualTo(200);
        assertThat(node.local("GET", "/actuator/topics", null, bearer("rmq_no_such"))
                        .status())
                .as("whoever shows something must be right")
                .isEqualTo(401);
    }

    @Test
    void noHeaderMakesARemoteCallerLocal() {
        for (String header : List.of(
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-For: 127.0.0.1, 10.0.0.1",
                "Forwarded: for=127.0.0.1;host=localhost",
                "Forwarded: for=\"[::1]\"",
                "X-Real-IP: 127.0.0.1",
                "Host: localhost")) {
            assertThat(node.remote("GET", "/actuator/topics", null, header).status())
                    .as(header)
                    .isEqualTo(401);
        }
    }

    @Test
    void rolesAreKept() {
        String viewer = bearer(token("viewer"));
        String operator = bearer(token("operator"));
        String topic = "{\"name\":\"of-an-operator\"}";
        assertThat(node.remote("GET", "/actuator/topics", null, viewer).status())
                .isEqualTo(200);
        assertThat(node.remote("GET", "/actuator/prometheus", null, viewer).status())
                .isEqualTo(200);
        Answer forbidden = node.remote("POST", "/actuator/topics", topic, viewer);
        assertThat(forbidden.status()).isEqualTo(403);
        assertThat(forbidden.head()).contains("application/problem+json");
        assertThat(forbidden.json().path("detail").asString()).contains("needs the role operator");
        assertThat(node.remote("POST", "/actuator/topics", topic, operator).status())
                .isEqualTo(201);
        for (String path : List.of("tokens", "tokens;x=1", "tok%65ns", "admins")) {
            assertThat(node.remote("GET", "/actuator/" + path, null, operator).status())
                    .as(path)
                    .isEqualTo(403);
        }
        String level = "{\"configuredLevel\":\"INFO\"}";
        assertThat(node.remote("POST", "/actuator/loggers/io.robustmq", level, operator)
                        .status())
                .isEqualTo(403);
        assertThat(node.remote("POST", "/actuator/loggers/io.robustmq", level, basic("admin", password))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void aTokenIsListedWithoutItsSecretAndWorksUntilItIsRevoked() {
        String token = token("viewer");
        String id = token.split("_")[1];
        Answer listed = node.remote("GET", "/actuator/tokens?filter=" + id, null, basic("admin", password));
        assertThat(listed.json().path("tokens").path(0).path("createdBy").asString())
                .isEqualTo("admin");
        assertThat(listed.body()).contains(id).doesNotContain(token.split("_")[2], "secret", "Hash");
        assertThat(node.remote("GET", "/actuator/info", null, bearer(token + "x"))
                        .status())
                .isEqualTo(401);
        assertThat(node.remote("DELETE", "/actuator/tokens/" + id, null, basic("admin", password))
                        .status())
                .isEqualTo(204);
        assertThat(node.remote("GET", "/actuator/info", null, bearer(token)).status())
                .isEqualTo(401);
        assertThat(node.remote("DELETE", "/actuator/tokens/" + id, null, basic("admin", password))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void accountsAreAddedChangedAndDeletedButForTheLastAdmin() {
        String login = basic("admin", password);
        String account = "{\"name\":\"ada\",\"role\":\"viewer\",\"password\":\"correct horse\"}";
        assertThat(node.remote("POST", "/actuator/admins", account, login).status())
                .isEqualTo(201);
        assertThat(node.remote("POST", "/actuator/admins", account, login).status())
                .isEqualTo(409);
        assertThat(node.remote("GET", "/actuator/info", null, basic("ada", "correct horse"))
                        .status())
                .isEqualTo(200);
        String other = "{\"role\":\"operator\",\"password\":\"battery staple\"}";
        assertThat(node.remote("PATCH", "/actuator/admins/ada", other, login).status())
                .isEqualTo(200);
        assertThat(node.remote("GET", "/actuator/info", null, basic("ada", "correct horse"))
                        .status())
                .isEqualTo(401);
        assertThat(node.remote("GET", "/actuator/info", null, basic("ada", "battery staple"))
                        .status())
                .isEqualTo(200);
        assertThat(node.remote("DELETE", "/actuator/admins/ada", null, login).status())
                .isEqualTo(204);
        assertThat(node.remote("DELETE", "/actuator/admins/admin", null, login).body())
                .contains("last account with role admin");
        assertThat(node.remote("PATCH", "/actuator/admins/admin", "{\"role\":\"viewer\"}", login)
                        .status())
                .isEqualTo(400);
        for (String wrong : List.of(
                "{\"name\":\"a b\",\"role\":\"viewer\"}",
                "{\"name\":\"b\",\"role\":\"root\"}",
                "{\"name\":\"b\",\"role\":\"viewer\",\"password\":\"1234567\"}")) {
            assertThat(node.remote("POST", "/actuator/admins", wrong, login).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        Answer generated = node.remote("POST", "/actuator/admins", "{\"name\":\"eve\",\"role\":\"viewer\"}", login);
        assertThat(generated.json().path("password").asString()).hasSize(29);
        assertThat(node.console()).doesNotContain("correct horse", "battery staple");
    }
}
