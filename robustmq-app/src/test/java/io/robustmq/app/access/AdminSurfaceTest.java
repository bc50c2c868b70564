/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import static io.robustmq.app.access.NodeInProcess.basic;
import static io.robustmq.app.access.NodeInProcess.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.app.access.NodeInProcess.Answer;
import io.robustmq.app.ctl.CtlCoverage;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.net.NetServer;
import io.robustmq.node.config.LiveKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that the admin port answers, as the node itself tells of it: who may ask, that no secret is ever in an answer or a
 * file, and that each operation has its command of {@code ctl}. What is added later is looked at without being named here.
 */
class AdminSurfaceTest {
    private static final Pattern SECRET =
            Pattern.compile("robustmq\\..*(secret|password|token|credential|private-key)");
    private static final Pattern ROUTE = Pattern.compile("/[\\w./{}*-]*");
    private static final Pattern LINK = Pattern.compile("href=\"(/console/(?!login|static)[^\"?#]*)\"");
    private static final Set<String> OPEN = Set.of(
            "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/health/startup");
    private static final Set<String> ABOUT_PEOPLE = Set.of("users", "admins", "tokens", "audit", "acls", "blacklist");
    private static final List<String> ROLES = List.of("viewer", "operator", "admin");
    /** Nobody chooses such a word by chance. */
    private static final String MARK = "geheimnis";

    /** What those who have a secret need as well; nobody listens there, and nobody has to. */
    private static final Map<String, String> WITH_SECRETS = Map.of(
            "robustmq.access.sources.http.url", "http://127.0.0.1:1/",
            "robustmq.access.sources.http.user", "node",
            "robustmq.access.sources.jdbc.url", "jdbc:postgresql://127.0.0.1:1/users",
            "robustmq.access.sources.jdbc.query", "SELECT password_hash FROM users WHERE name = %u",
            "robustmq.access.sources.ldap.url", "ldap://127.0.0.1:1",
            "robustmq.access.sources.ldap.search-base", "dc=plant",
            "robustmq.access.sources.ldap.bind-dn", "cn=node");

    /** Of keys that do not take a plain number. */
    private static final Map<String, String> EXAMPLES = Map.of(
            "robustmq.access.anonymous", "allow",
            "robustmq.access.unmatched", "deny",
            "robustmq.mqtt.max-session-expiry", "1h",
            "robustmq.mqtt.max-keep-alive", "10m",
            "robustmq.mqtt.max-packet-size", "1MB");

    @TempDir
    static Path directory;

    private static NodeInProcess node;
    private static final Map<String, String> secrets = new TreeMap<>();

    /** A way to ask for something. */
    private record Operation(String method, String path, String role) {
        /** With something that is not there in the place of names. */
        String example() {
            return path.replaceAll("\\{[^}]*}", "nothing-of-that-name");
        }
    }

    private static String secret(String of) {
        return secrets.computeIfAbsent(of, each -> MARK + "-" + secrets.size() + "-of-thirty-two-characters-or-more");
    }

    @BeforeAll
    static void start() throws IOException {
        Map<String, String> keys = new HashMap<>(WITH_SECRETS);
        for (String key : secretKeys()) {
            keys.put(key, secret(key));
        }
        Path password = Files.writeString(directory.resolve("admin.password"), secret("the account admin") + "\n");
        keys.put("robustmq.admin.password-file", password.toString());
        keys.put("logging.file.name", directory.resolve("node.log").toString());
        keys.put("logging.level.io.robustmq", "debug");
        node = NodeInProcess.start(directory.resolve("data"), keys);
        // A node is ready before its first account is.
        node.awaitConsole("has the password of robustmq.admin.password-file");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** All keys that hold a secret, by the metadata of the configuration. */
    private static Set<String> secretKeys() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (URL resource : Collections.list(
                AdminSurfaceTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = resource.openStream()) {
                for (JsonNode each : JsonMapper.shared().readTree(in).path("properties")) {
                    String name = each.path("name").asString("");
                    // Their clients are not on the class path of these tests, and without them no node starts.
                    boolean startable = !name.contains(".sources.mongodb.") && !name.contains(".sources.redis.");
                    if (startable
                            && SECRET.matcher(name).matches()
                            && each.path("type").asString("").equals("java.lang.String")) {
                        keys.add(name);
                    }
                }
            }
        }
        assertThat(keys).isNotEmpty();
        return keys;
    }

    private static String admin() {
        return basic("admin", secret("the account admin"));
    }

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        JsonNode paths =
                node.remote("GET", "/actuator/openapi", null, admin()).json().path("paths");
        paths.propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(each -> operations.add(new Operation(
                                each.getKey().toUpperCase(java.util.Locale.ROOT),
                                path.getKey(),
                                each.getValue().path("x-role").asString("")))));
        assertThat(operations).hasSizeGreaterThan(60);
        return operations;
    }

    /** What answers beside what the API tells of: pages, for instance. */
    private static Set<String> otherPaths() {
        Set<String> paths = new TreeSet<>(List.of("/", "/actuator", "/actuator/openapi", "/favicon.ico", "/x"));
        Matcher links = LINK.matcher(
                node.local("GET", "/console/", null, "Accept: text/html").body());
        while (links.find()) {
            paths.add(links.group(1));
        }
        assertThat(paths).contains("/console/users");
        node.context().getBeansOfType(RouterFunction.class).values().forEach(routes -> {
            Matcher matcher = ROUTE.matcher(routes.toString());
            while (matcher.find()) {
                paths.add(matcher.group());
            }
        });
        node.context()
                .getBeansOfType(RequestMappingHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods()
                        .keySet()
                        .forEach(info -> info.getPatternsCondition()
                                .getPatterns()
                                .forEach(pattern -> paths.add(pattern.getPatternString()))));
        return paths;
    }

    @Test
    void nobodyIsAnsweredFromOutsideButForHealth() {
        List<Operation> all = new ArrayList<>(operations());
        otherPaths().forEach(path -> all.add(new Operation("GET", path.replace("**", "x"), "")));
        for (Operation each : all) {
            Answer answer = node.remote(each.method, each.example(), each.method.equals("POST") ? "{}" : null);
            if (OPEN.contains(each.path)) {
                assertThat(answer.status()).as(each.toString()).isEqualTo(200);
            } else {
                assertThat(answer.status()).as(each.toString()).isIn(301, 302, 303, 401, 403);
                assertThat(answer.body())
                        .as(each.toString())
                        .hasSizeLessThan(20_000)
                        .doesNotContain("\"nodes\"", MARK);
            }
        }
    }

    @Test
    void eachRoleMayDoWhatTheApiSaysAndNothingElse() {
        Map<String, String> logins = new HashMap<>();
        for (String role : ROLES) {
            logins.put(role, bearer(token(role)));
        }
        for (Operation each : operations()) {
            if (each.role.isEmpty()) {
                continue;
            }
            String endpoint = each.path.split("/").length > 2 ? each.path.split("/")[2] : "";
            boolean looks = each.method.equals("GET");
            assertThat(ROLES.indexOf(each.role))
                    .as("who changes something is more than a viewer: %s", each)
                    .isGreaterThanOrEqualTo(ABOUT_PEOPLE.contains(endpoint) ? 2 : looks ? 0 : 1);
            for (String role : ROLES) {
                boolean may = ROLES.indexOf(role) >= ROLES.indexOf(each.role);
                if (may && !looks) {
                    continue; // what it does has tests of its own
                }
                Answer answer = node.remote(each.method, each.example(), looks ? null : "{}", logins.get(role));
                if (may) {
                    assertThat(answer.status()).as("%s as %s", each, role).isNotIn(401, 403);
                } else {
                    assertThat(answer.status()).as("%s as %s", each, role).isEqualTo(403);
                }
            }
        }
    }

    private static String token(String role) {
        Answer created = node.remote(
                "POST", "/actuator/tokens", "{\"description\":\"a test\",\"role\":\"" + role + "\"}", admin());
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return created.json().path("token").asString();
    }

    @Test
    void whatTellsEverythingIsNotThere() {
        for (String endpoint : List.of(
                "heapdump",
                "env",
                "env/robustmq.rpc.shared-secret",
                "configprops",
                "beans",
                "mappings",
                "conditions",
                "logfile",
                "httpexchanges",
                "shutdown",
                "startup",
                "jolokia")) {
            for (String method : List.of("GET", "POST")) {
                assertThat(node.remote(method, "/actuator/" + endpoint, null, admin())
                                .status())
                        .as(endpoint)
                        .isIn(404, 405);
            }
        }
    }

    @Test
    void noSecretIsInAnAnswerAnErrorOrAFile() throws IOException {
        String user = secret("the user ann");
        Answer added =
                node.remote("POST", "/actuator/users", "{\"name\":\"ann\",\"password\":\"" + user + "\"}", admin());
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        List<String> answers = new ArrayList<>(List.of(added.head() + added.body()));
        String created = node.remote(
                        "POST", "/actuator/tokens", "{\"description\":\"looked for\",\"role\":\"viewer\"}", admin())
                .json()
                .path("token")
                .asString();
        secrets.put("the token", created);
        answers.addAll(mistakes());
        logIn("ann", user, true);
        logIn("ann", secret("a wrong password of ann"), false);
        for (Operation each : operations()) {
            if (each.method.equals("GET")) {
                for (String query : List.of("", "?limit=10000")) {
                    Answer answer = node.remote("GET", each.example() + query, null, admin());
                    answers.add(each + answer.head() + answer.body());
                }
            }
        }
        for (String name : List.of("users/ann", "sessions?clientId=ann", "config?limit=10000&filter=secret")) {
            answers.add(node.remote("GET", "/actuator/" + name, null, admin()).body());
        }
        answers.add(node.console());
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            assertThat(answers)
                    .as(secret.getKey())
                    .allSatisfy(answer -> assertThat(answer).doesNotContain(secret.getValue()));
        }
        assertThat(answers).anySatisfy(answer -> assertThat(answer).contains("robustmq.rpc.shared-secret", "******"));
        assertThat(files()).isEmpty();
    }

    /** Requests that are refused, each with a secret in it. */
    private static List<String> mistakes() {
        List<String> answers = new ArrayList<>();
        String typed = secret("typed where it does not belong");
        for (String path : List.of("users", "admins", "tokens", "acls", "topics", "blacklist")) {
            for (String body : List.of(
                    "{\"name\":\"a b\\u0000\",\"password\":\"" + typed + "\",\"role\":\"viewer\"}",
                    "{\"name\":\"eve\",\"password\":{\"" + typed + "\":1}}",
                    "{\"name\":\"eve\",\"password\":\"" + typed,
                    "[\"" + typed + "\"]")) {
                Answer answer = node.remote("POST", "/actuator/" + path, body, admin());
                assertThat(answer.status()).as("%s %s", path, body).isLessThan(500);
                // Who has sent it may be told what it was, where it is no password; the files may not.
                if (path.equals("users") || path.equals("admins")) {
                    answers.add(path + body.length() + answer.body().replaceAll("\\{\\s*\"role\".*", ""));
                }
            }
        }
        answers.add(node.remote("GET", "/actuator/topics", null, basic("admin", secret("a wrong password of admin")))
                .body());
        answers.add(node.remote("GET", "/actuator/topics", null, bearer(secret("a token that is none")))
                .body());
        answers.add(node.remote("GET", "/actuator/nowhere", null, admin()).body());
        return answers;
    }

    private static int mqttPort() {
        return node.context().getBean(NetServer.class).address("mqtt-tcp").getPort();
    }

    private static MqttRawClient open(int port, String user, @Nullable String password, MqttProperties properties) {
        byte[] bytes = password == null ? null : password.getBytes(StandardCharsets.UTF_8);
        Connect connect =
                new Connect(MqttVersion.V5, user, true, 60, null, password == null ? null : user, bytes, properties);
        return MqttRawClient.open(port, MqttVersion.V5).connect(connect);
    }

    private static void logIn(String user, String password, boolean right) {
        try (MqttRawClient client = open(mqttPort(), user, password, MqttProperties.NONE)) {
            if (right) {
                client.expectAccepted();
            } else {
                client.expectRefused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
            }
        }
    }

    private static void set(String key, String value) {
        Answer answer = node.remote("POST", "/actuator/config/" + key, "{\"value\":\"" + value + "\"}", admin());
        assertThat(answer.status()).as("%s=%s: %s", key, value, answer.body()).isEqualTo(200);
    }

    private static void unset(String key) {
        assertThat(node.remote("DELETE", "/actuator/config/" + key, null, admin())
                        .status())
                .isEqualTo(204);
    }

    @Test
    void everyKeyThatMayChangeTakesItsOwnValueAndRefusesNonsense() {
        Set<String> live = LiveKeys.load(getClass().getClassLoader()).keySet();
        assertThat(live).hasSizeGreaterThan(12);
        for (String key : live) {
            set(key, EXAMPLES.getOrDefault(key, "100"));
            Answer refused = node.remote("POST", "/actuator/config/" + key, "{\"value\":\"nonsense\"}", admin());
            assertThat(refused.status()).as(key).isEqualTo(400);
            assertThat(refused.body()).as(key).contains("INVALID_CONFIG");
        }
        JsonNode shown = node.remote("GET", "/actuator/config?limit=10000&onlyDynamic=true", null, admin())
                .json()
                .path("config");
        for (JsonNode each : shown) {
            assertThat(each.path("source").asString("")).as(each.toString()).isEqualTo("cluster");
        }
        assertThat(shown.size()).isEqualTo(live.size());
        live.forEach(AdminSurfaceTest::unset);
        Answer fixed = node.remote("POST", "/actuator/config/robustmq.data-dir", "{\"value\":\"x\"}", admin());
        assertThat(fixed.body()).contains("NOT_SUPPORTED", "robustmq.data-dir cannot be changed while nodes run");
    }

    @Test
    void whatIsSetHoldsForTheNextConnectionAndIsGivenBack() {
        int port = mqttPort();
        MqttProperties wishes = MqttProperties.builder()
                .number(PropertyId.SESSION_EXPIRY_INTERVAL, 3600)
                .build();
        set("robustmq.access.anonymous", "allow");
        set("robustmq.mqtt.receive-maximum", "7");
        set("robustmq.mqtt.max-session-expiry", "10s");
        set("robustmq.mqtt.max-keep-alive", "20s");
        set("robustmq.mqtt.max-packet-size", "64KB");
        try (MqttRawClient client = open(port, "limits", null, wishes)) {
            MqttProperties told = client.expectAccepted().properties();
            assertThat(told.number(PropertyId.RECEIVE_MAXIMUM, -1)).isEqualTo(7);
            assertThat(told.number(PropertyId.SESSION_EXPIRY_INTERVAL, -1)).isEqualTo(10);
            assertThat(told.number(PropertyId.SERVER_KEEP_ALIVE, -1)).isEqualTo(20);
            assertThat(told.number(PropertyId.MAXIMUM_PACKET_SIZE, -1)).isEqualTo(65_536);
            set("robustmq.net.connections-per-address-max", "1");
            assertThatThrownBy(() -> {
                        try (MqttRawClient another = open(port, "another", null, MqttProperties.NONE)) {
                            another.expectAccepted();
                        }
                    })
                    .isInstanceOfAny(AssertionError.class, RuntimeException.class);
            unset("robustmq.net.connections-per-address-max");
        }
        for (String key : List.of("receive-maximum", "max-session-expiry", "max-keep-alive", "max-packet-size")) {
            unset("robustmq.mqtt." + key);
        }
        try (MqttRawClient client = open(port, "limits", null, wishes)) {
            MqttProperties told = client.expectAccepted().properties();
            assertThat(told.number(PropertyId.RECEIVE_MAXIMUM, -1)).isEqualTo(1024);
            assertThat(told.has(PropertyId.SERVER_KEEP_ALIVE)).isFalse();
            assertThat(told.number(PropertyId.MAXIMUM_PACKET_SIZE, -1)).isEqualTo(16 << 20);
        }
        set("robustmq.access.anonymous", "deny");
        try (MqttRawClient client = open(port, "nobody", null, MqttProperties.NONE)) {
            client.expectRefused(ReasonCode.NOT_AUTHORIZED);
        }
        unset("robustmq.access.anonymous");
    }

    /** Files of the node, its log and its data among them, that hold a secret. */
    private static List<String> files() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile)
                    .filter(each -> !each.endsWith("admin.password"))
                    .toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                secrets.forEach((of, value) -> {
                    if (text.contains(value)) {
                        found.add(of + " is in " + file.getFileName());
                    }
                });
            }
        }
        return found;
    }

    @Test
    void everyOperationHasItsCommand() throws IOException {
        Set<String> told = new TreeSet<>();
        operations().forEach(each -> {
            if (each.path.startsWith("/actuator/")) {
                told.add(each.method + " " + each.path);
            }
        });
        CtlCoverage.check(told, directory);
    }
}
