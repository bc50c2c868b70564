/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import static io.robustmq.app.access.NodeInProcess.basic;
import static io.robustmq.app.access.NodeInProcess.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.access.NodeInProcess.Answer;
import io.robustmq.app.ctl.CtlCommand;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.node.ListenerAddresses;
import io.robustmq.node.NodeContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

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
    void whatLeadsNowhereIsAProblemToo() {
        Answer nowhere = node.local("GET", "/actuator/no-such", null);
        assertThat(nowhere.status()).isEqualTo(404);
        assertThat(nowhere.head()).contains("application/problem+json");
        assertThat(nowhere.json().path("detail").asString()).isEqualTo("GET /actuator/no-such leads nowhere");
        assertThat(nowhere.json().path("remedy").asString()).contains("/actuator/openapi");
        Answer method = node.local("PUT", "/actuator/topics", null);
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.json().path("error").asString()).isEqualTo("NOT_SUPPORTED");
        Answer parameter = node.local("GET", "/actuator/topics?limit=x", null);
        assertThat(parameter.status()).isEqualTo(400);
        assertThat(parameter.json().path("error").asString()).isEqualTo("INVALID_REQUEST");
        assertThat(node.local("GET", "/actuator/topics?limit=0", null)
                        .json()
                        .path("detail")
                        .asString())
                .contains("limit is a number from 1 to 10000");
        assertThat(node.local("POST", "/actuator/topics", "{").status()).isEqualTo(400);
    }

    private static String ctl(int code, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = CtlCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("-s", "127.0.0.1:" + node.port()));
        all.addAll(List.of(arguments));
        assertThat(command.execute(all.toArray(String[]::new)))
                .as(String.join(" ", arguments) + ": " + err)
                .isEqualTo(code);
        return code == 0 ? out.toString() : err.toString();
    }

    @Test
    void theToolDoesAllOfIt() {
        String token = ctl(0, "tokens", "create", "--description", "the tool", "--role", "viewer", "--expires-in", "1h")
                .strip();
        assertThat(token).startsWith("rmq_");
        assertThat(ctl(0, "--token", token, "topics", "list", "--limit", "1")).contains("NAME");
        assertThat(ctl(4, "--token", token, "topics", "create", "denied")).contains("needs the role operator");
        assertThat(ctl(4, "--token", token + "x", "topics", "list")).contains("ROBUSTMQ_TOKEN");
        assertThat(ctl(0, "tokens", "list", "--filter", "the tool")).contains("viewer");
        ctl(0, "tokens", "revoke", token.split("_")[1]);
        assertThat(ctl(0, "admins", "add", "bob", "--role", "operator")).contains("told once");
        ctl(0, "admins", "role", "bob", "viewer");
        assertThat(ctl(0, "admins", "list", "--filter", "bob")).contains("viewer");
        ctl(0, "admins", "delete", "bob");
        ctl(0, "config", "set", "robustmq.retained.count-max", "12345");
        assertThat(ctl(0, "config", "show", "--dynamic")).contains("12345", "cluster");
        ctl(0, "config", "unset", "robustmq.retained.count-max");
        assertThat(ctl(1, "config", "set", "robustmq.node-id", "2")).contains("cannot be changed while nodes run");
        assertThat(ctl(0, "audit", "tail", "--filter", "retained.count-max"))
                .contains("POST /actuator/config/robustmq.retained.count-max 200 value=12345")
                .contains("DELETE /actuator/config/robustmq.retained.count-max 204");
    }

    @Test
    void whatWouldTellSecretsIsNotThere() {
        for (String endpoint : List.of("env", "configprops", "heapdump", "beans", "shutdown")) {
            assertThat(node.local("GET", "/actuator/" + endpoint, null).status())
                    .as(endpoint)
                    .isEqualTo(404);
        }
    }

    @Test
    void aPageOfAnotherSiteCannotUseARememberedPassword() {
        String topic = "{\"name\":\"of-a-site\",\"engine\":\"memory\"}";
        String login = basic("admin", password);
        assertThat(node.remote("POST", "/actuator/topics", topic, login, "Sec-Fetch-Site: cross-site")
                        .status())
                .isEqualTo(401);
        assertThat(node.remote("POST", "/actuator/topics", topic, login, "Sec-Fetch-Site: same-origin")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void listingsComeInPagesWithFilters() {
        for (String name : List.of("page-a", "page-b", "page-c")) {
            node.local("POST", "/actuator/topics", "{\"name\":\"" + name + "\",\"engine\":\"memory\"}");
        }
        Answer first = node.local("GET", "/actuator/topics?filter=page-&limit=2", null);
        assertThat(first.json().path("topics").size()).isEqualTo(2);
        assertThat(first.json().path("next").asString()).isEqualTo("page-b");
        Answer second = node.local("GET", "/actuator/topics?filter=page-&limit=2&after=page-b", null);
        assertThat(second.json().path("topics").path(0).path("name").asString()).isEqualTo("page-c");
        assertThat(second.json().path("next").isNull()).isTrue();
        Answer shards = node.local("GET", "/actuator/shards?filter=page-&limit=2", null);
        assertThat(shards.json().path("shards").size()).isEqualTo(2);
        Answer rest = node.local(
                "GET",
                "/actuator/shards?filter=page-&after="
                        + shards.json().path("next").asString(),
                null);
        assertThat(rest.json().path("shards").path(0).path("shard").asString()).isEqualTo("page-c-0");
        for (String listing :
                List.of("groups", "shared", "sessions", "subscriptions", "retained", "delayed", "connections")) {
            Answer page = node.local("GET", "/actuator/" + listing + "?limit=1", null);
            assertThat(page.status()).as(listing + page.body()).isEqualTo(200);
            assertThat(page.json().has("next")).as(listing).isTrue();
            assertThat(node.local("GET", "/actuator/" + listing + "?limit=0", null)
                            .status())
                    .as(listing)
                    .isEqualTo(400);
        }
    }

    @Test
    void theApiDescribesEveryEndpointAndRoute() {
        Answer described = node.local("GET", "/actuator/openapi", null);
        assertThat(described.status()).isEqualTo(200);
        JsonNode document = described.json();
        assertThat(document.path("openapi").asString()).startsWith("3.");
        JsonNode paths = document.path("paths");
        node.context()
                .getBean(WebEndpointsSupplier.class)
                .getEndpoints()
                .forEach(endpoint -> endpoint.getOperations().forEach(operation -> {
                    String path = "/actuator/"
                            + operation.getRequestPredicate().getPath().replace("{*", "{");
                    String method =
                            operation.getRequestPredicate().getHttpMethod().name();
                    assertThat(paths.path(path).has(method.toLowerCase(java.util.Locale.ROOT)))
                            .as(method + " " + path)
                            .isTrue();
                }));
        JsonNode create = paths.path("/actuator/topics").path("post");
        assertThat(create.path("x-role").asString()).isEqualTo("operator");
        assertThat(create.path("requestBody").toString()).contains("partitions", "bindings");
        assertThat(paths.path("/actuator/topics").path("get").path("parameters").toString())
                .contains("filter", "after", "limit");
        assertThat(paths.path("/actuator/health").path("get").path("security").isEmpty())
                .isTrue();
        assertThat(paths.path("/actuator/tokens").path("post").path("x-role").asString())
                .isEqualTo("admin");
    }

    @Test
    void whatWasDoneIsWrittenDownWithoutSecrets() throws IOException {
        String login = basic("admin", password);
        node.remote(
                "POST",
                "/actuator/admins",
                "{\"name\":\"audited\",\"role\":\"viewer\",\"password\":\"never written\"}",
                login);
        node.remote("POST", "/actuator/topics", "{\"name\":\"x\"}", bearer(token("viewer")));
        node.remote("DELETE", "/actuator/topics/no-such-topic", null, login);
        node.remote("GET", "/actuator/info", null, basic("mallory", "guessed wrong"));
        node.remote("DELETE", "/actuator/topics/by-nobody", null);
        Answer tail = node.remote("GET", "/actuator/audit?limit=10000", null, login);
        List<String> lines = tail.json()
                .path("audit")
                .valueStream()
                .map(each -> String.join(
                        " ",
                        each.path("who").asString(),
                        each.path("way").asString(),
                        each.path("method").asString(),
                        each.path("path").asString(),
                        each.path("status").asString(),
                        each.path("what").toString()))
                .toList();
        assertThat(lines)
                .contains(
                        "admin password POST /actuator/admins 201"
                                + " {\"name\":\"audited\",\"role\":\"viewer\",\"password\":\"(not recorded)\"}",
                        "admin password DELETE /actuator/topics/no-such-topic 404 {}",
                        "mallory password LOGIN  401 {}")
                .anyMatch(line -> line.matches("token [a-z0-9]+ token POST /actuator/topics 403 .*"))
                .noneMatch(line -> line.contains("by-nobody"));
        String file = Files.readString(directory.resolve("data").resolve("audit.log"));
        assertThat(file).contains("no-such-topic").doesNotContain("never written", "guessed wrong", password, "rmq_");
        long next = tail.json().path("next").asLong();
        assertThat(node.remote("GET", "/actuator/audit?filter=mallory&after=" + next, null, login)
                        .json()
                        .path("audit")
                        .size())
                .isZero();
    }

    private static int mqttPort() {
        return Integer.parseInt(node.context()
                .getBean(NodeContext.class)
                .get(ListenerAddresses.class)
                .addresses()
                .get("mqtt-tcp")
                .replaceAll(".*:", ""));
    }

    @Test
    void aKeyIsChangedWhileTheNodeRunsAndGivenBack() {
        String key = "/actuator/config/robustmq.delayed.count-max";
        try (MqttRawClient client = MqttRawClient.connected(mqttPort(), MqttVersion.V5, "limited")) {
            client.publish("$delayed/1000/x", "before", 1, 1).expectPubAck(1);
            assertThat(node.local("POST", key, "{\"value\":\"1\"}")
                            .json()
                            .path("source")
                            .asString())
                    .isEqualTo("cluster");
            client.publish("$delayed/1000/x", "beyond", 1, 2).expectAcknowledgement(PacketType.PUBACK, 2, 0x97);
            JsonNode row = node.local("GET", "/actuator/config?filter=delayed.count&onlyDynamic=true", null)
                    .json()
                    .path("config")
                    .path(0);
            assertThat(row.path("value").asString()).isEqualTo("1");
            assertThat(row.path("by").asString()).isEqualTo("loopback");
            assertThat(row.path("revision").asLong()).isPositive();
            assertThat(node.local("DELETE", key, null).status()).isEqualTo(204);
            client.publish("$delayed/1000/x", "again", 1, 3).expectPubAck(3);
        }
        assertThat(node.local("DELETE", key, null).status()).isEqualTo(404);
        assertThat(node.local("POST", key, "{\"value\":\"-1\"}")
                        .json()
                        .path("detail")
                        .asString())
                .contains("robustmq.delayed.count-max is '-1'");
        assertThat(node.local("POST", key, "{\"value\":\"many\"}").status()).isEqualTo(400);
        assertThat(node.local("POST", "/actuator/config/robustmq.node-id", "{\"value\":\"2\"}")
                        .json()
                        .path("detail")
                        .asString())
                .contains("cannot be changed while nodes run", "robustmq.retained.bytes-max");
        String operator = bearer(token("operator"));
        assertThat(node.remote("POST", key, "{\"value\":\"5\"}", operator).status())
                .isEqualTo(403);
    }

    @Test
    void aTenantIsAddedLimitedUsedAndDeleted() {
        assertThat(node.local("POST", "/actuator/tenants", "{\"name\":\"acme\"}")
                        .status())
                .isEqualTo(201);
        assertThat(node.local("POST", "/actuator/tenants", "{\"name\":\"acme\"}")
                        .status())
                .isEqualTo(409);
        assertThat(node.local("GET", "/actuator/tenants?filter=ac", null).body())
                .contains("[{\"name\":\"acme\"}]");
        String quota = "{\"who\":\"tenant\",\"topics\":1,\"connections\":1,\"messagesPerSecond\":100}";
        assertThat(node.local("POST", "/actuator/quotas?tenant=acme", quota).status())
                .isEqualTo(200);
        String topics = "/actuator/topics?tenant=acme";
        assertThat(node.local("POST", topics, "{\"name\":\"first\",\"engine\":\"memory\"}")
                        .status())
                .isEqualTo(201);
        assertThat(node.local("POST", topics, "{\"name\":\"second\",\"engine\":\"memory\"}")
                        .body())
                .contains("no more than 1 are allowed");
        try (MqttRawClient client = MqttRawClient.open(mqttPort(), MqttVersion.V5)
                .connect(new Connect(MqttVersion.V5, "c", true, 0, null, "acme:ann", null, MqttProperties.NONE))) {
            client.expectAccepted();
            client.publish("t", "x", 1, 1).expectPubAck(1);
            assertThat(node.local("GET", "/actuator/tenants/acme", null).body())
                    .contains("\"users\":0,\"topics\":1,\"sessions\":1,\"connections\":1");
            assertThat(node.local("GET", "/actuator/connections?limit=1000", null)
                            .body())
                    .contains("acme:ann");
        }
        assertThat(node.local("DELETE", "/actuator/tenants/acme", null).body()).contains("still has topics");
        node.local("DELETE", "/actuator/topics/first?tenant=acme", null);
        long deadline = System.nanoTime() + 10_000_000_000L;
        Answer deleted = node.local("DELETE", "/actuator/tenants/acme", null);
        while (deleted.status() != 204 && System.nanoTime() < deadline) {
            deleted = node.local("DELETE", "/actuator/tenants/acme", null);
        }
        assertThat(deleted.status()).as(deleted.body()).isEqualTo(204);
        assertThat(node.local("GET", "/actuator/quotas?tenant=acme", null).body())
                .contains("\"quotas\":[]");
        assertThat(node.remote("GET", "/actuator/audit?limit=10000", null, basic("admin", password))
                        .body())
                .contains("\"messagesPerSecond\":\"100\"");
    }

    @Test
    void aLogLevelIsSetForTheClusterAndGivenBack() {
        Logger logger = LoggerFactory.getLogger("io.robustmq.test.levels");
        assertThat(logger.isDebugEnabled()).isFalse();
        String key = "/actuator/config/logging.level.io.robustmq.test.levels";
        assertThat(node.local("POST", key, "{\"value\":\"debug\"}").status()).isEqualTo(200);
        assertThat(logger.isDebugEnabled()).isTrue();
        assertThat(node.local("POST", key, "{\"value\":\"loud\"}").status()).isEqualTo(400);
        assertThat(node.local("DELETE", key, null).status()).isEqualTo(204);
        assertThat(logger.isDebugEnabled()).isFalse();
    }

    @Test
    void everyKeyIsShownWithItsSource() {
        JsonNode all =
                node.local("GET", "/actuator/config?limit=10000", null).json().path("config");
        Map<String, String> sources = new java.util.TreeMap<>();
        Map<String, String> values = new java.util.TreeMap<>();
        for (JsonNode each : all) {
            sources.put(each.path("key").asString(), each.path("source").asString());
            values.put(each.path("key").asString(), each.path("value").asString(""));
        }
        assertThat(sources)
                .containsEntry("robustmq.data-dir", "command line")
                .containsEntry("robustmq.cluster-name", "default")
                .containsKey("robustmq.mqtt.tcp.port");
        assertThat(values)
                .containsEntry("robustmq.cluster-name", "robustmq")
                .containsEntry("robustmq.admin.loopback", "open");
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
