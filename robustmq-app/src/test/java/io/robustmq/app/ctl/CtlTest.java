/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CtlTest {
    private static final String TOPIC = "{\"tenant\":\"default\",\"name\":\"orders\",\"id\":\"abc\",\"partitions\":2,"
            + "\"bindings\":[\"shop.>\"],\"engine\":\"memory\",\"durability\":\"memory\",\"volatile\":true,\"internal\":false,\"config\":{\"a\":\"b\"},"
            + "\"created\":\"2026-01-31T12:00:00Z\",\"shards\":["
            + "{\"partition\":0,\"owner\":1,\"epoch\":3,\"startOffset\":0,\"highWatermark\":12,\"endOffset\":12,\"bytes\":100,"
            + "\"segments\":1,\"disk\":\"\",\"state\":\"open\"},"
            + "{\"partition\":1,\"owner\":null,\"epoch\":0,\"startOffset\":2,\"highWatermark\":5,\"endOffset\":5,\"bytes\":9,"
            + "\"segments\":0,\"disk\":\"\",\"state\":\"unavailable\",\"problem\":\"it lies on node 2\"}]}";

    private final Map<String, String> answers = new HashMap<>();
    private final Map<String, Integer> statuses = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void whoeverMayNotHasItsOwnExitCode() {
        for (int status : List.of(401, 403)) {
            answers.put("GET /actuator/topics", "{\"detail\":\"log in first\"}");
            statuses.put("GET /actuator/topics", status);
            assertThat(ctl("topics", "list")).isEqualTo(ExitCode.DENIED);
        }
        assertThat(err.toString()).contains("ctl: log in first");
    }

    @Test
    void topicsAreListedInAlignedColumns() {
        answers.put("GET /actuator/topics", "{\"topics\":[" + TOPIC + "]}");
        assertThat(ctl("topics", "list")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "NAME    PARTITIONS  ENGINE  DURABILITY  VOLATILE  STATE        RECORDS  BYTES  BINDINGS",
                        "orders           2  memory  memory      yes       unavailable       15    109  shop.>");
    }

    @Test
    void groupsAreListedDescribedResetAndDeleted() {
        answers.put(
                "GET /actuator/groups", "{\"groups\":[{\"group\":\"g/1\",\"type\":\"classic\",\"state\":\"Empty\"}]}");
        assertThat(ctl("groups", "list")).isZero();
        assertThat(out.toString().lines()).containsExactly("GROUP  TYPE     STATE", "g/1    classic  Empty");
        answers.put(
                "GET /actuator/groups/g%2F1",
                "{\"group\":\"g/1\",\"type\":\"classic\",\"state\":\"Stable\",\"assignor\":\"range\",\"lag\":7,\"members\":"
                        + "[{\"member\":\"m\",\"instance\":null,\"client\":\"c\",\"host\":\"/h\",\"assigned\":[\"t-0\"]}],"
                        + "\"positions\":[{\"topic\":\"t\",\"partition\":0,\"committed\":3,\"startOffset\":0,"
                        + "\"highWatermark\":10,\"lag\":7,\"member\":\"m\"}]}");
        assertThat(ctl("groups", "describe", "g/1")).isZero();
        assertThat(out.toString()).contains("range").contains("t-0").containsPattern("t +0 +3 +0 +10 +7 +m");
        answers.put(
                "POST /actuator/groups/g%2F1/reset",
                "{\"offsets\":[{\"topic\":\"t\",\"partition\":0,\"before\":3,\"after\":10}]}");
        assertThat(ctl("groups", "reset", "g/1", "--to", "latest", "--topic", "t", "--dry-run"))
                .isZero();
        assertThat(out.toString()).containsPattern("t +0 +3 +10");
        answers.put("DELETE /actuator/groups/g%2F1", "");
        assertThat(ctl("groups", "delete", "g/1")).isZero();
        assertThat(out.toString()).contains("Deleted group g/1.");
    }

    @Test
    void usersAndRulesAreManagedWithoutPasswordsOnTheCommandLine(@TempDir Path dir) throws IOException {
        Path secret = Files.writeString(dir.resolve("secret"), "sesame\n");
        answers.put("POST /actuator/users", "{\"name\":\"ann\"}");
        assertThat(ctl("users", "add", "ann", "--new-password-file", secret.toString()))
                .isZero();
        assertThat(requests.get(0)).endsWith("{\"name\":\"ann\",\"password\":\"sesame\",\"superuser\":false}");
        assertThat(out.toString()).contains("Added user ann").doesNotContain("sesame");
        assertThat(ctl("users", "add", "ann", "--password", "sesame")).isEqualTo(2);
        answers.put("PATCH /actuator/users/ann", "{\"name\":\"ann\"}");
        assertThat(ctl("users", "passwd", "ann", "--new-password-file", secret.toString()))
                .isZero();
        answers.put(
                "GET /actuator/users",
                "{\"users\":[{\"name\":\"ann\",\"superuser\":false,\"hash\":\"argon2id\",\"scram\":true,\"changed\":\"2026\"}]}");
        assertThat(ctl("users", "list")).isZero();
        assertThat(out.toString()).containsPattern("ann +no +argon2id +yes +2026");
        answers.put("DELETE /actuator/users/ann", "");
        assertThat(ctl("users", "delete", "ann")).isZero();
        answers.put("POST /actuator/acls", "{\"name\":\"r\"}");
        assertThat(ctl("acls", "add", "r", "deny", "publish", "a/%c/#", "--user", "ann", "--qos", "1,2"))
                .isZero();
        assertThat(requests.get(requests.size() - 1))
                .contains("\"effect\":\"deny\",\"who\":\"user\",\"value\":\"ann\"", "\"qos\":[1,2]");
        assertThat(ctl("acls", "add", "r", "deny", "publish", "a")).isEqualTo(2);
        answers.put("POST /actuator/acls/test", "{\"allowed\":false,\"why\":\"denied by rule r\"}");
        assertThat(ctl("acls", "test", "publish", "a", "--user", "ann")).isEqualTo(1);
        assertThat(out.toString()).contains("denied: denied by rule r");
        Path users = Files.writeString(dir.resolve("passwd"), "bob:$7$1$c2FsdA==$c2FsdA==\nplain:secret\n");
        assertThat(ctl("users", "import", users.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("Imported 1 users; 0 were there, 1 failed.");
        Path rules = Files.writeString(dir.resolve("acl"), "user bob\ntopic read a/#\npattern write b/%u\n");
        assertThat(ctl("acls", "import", rules.toString())).isZero();
        assertThat(out.toString()).contains("Imported 2 rules");
        assertThat(ctl("acls", "import", dir.resolve("none").toString())).isEqualTo(2);
        answers.put("POST /actuator/blacklist", "{}");
        assertThat(ctl("blacklist", "add", "--client", "bad", "--for", "1h")).isZero();
        assertThat(requests.get(requests.size() - 1))
                .contains("\"who\":\"client-id\",\"value\":\"bad\",\"for\":\"1h\"");
        answers.put("DELETE /actuator/blacklist?who=client-id&value=bad", "");
        assertThat(ctl("blacklist", "delete", "--client", "bad")).isZero();
    }

    @Test
    void tenantsAreAddedShownAndDeleted() {
        answers.put("POST /actuator/tenants", "{}");
        assertThat(ctl("tenants", "add", "acme")).isZero();
        assertThat(requests.get(0)).endsWith("{\"name\":\"acme\"}");
        answers.put("GET /actuator/tenants", "{\"tenants\":[{\"name\":\"acme\"},{\"name\":\"default\"}]}");
        assertThat(ctl("tenants", "list")).isZero();
        answers.put(
                "GET /actuator/tenants/acme",
                "{\"name\":\"acme\",\"users\":1,\"topics\":2,\"sessions\":3,\"connections\":4}");
        assertThat(ctl("tenants", "show", "acme")).isZero();
        assertThat(out.toString()).containsPattern("acme +1 +2 +3 +4");
        answers.put("DELETE /actuator/tenants/acme", "");
        assertThat(ctl("tenants", "delete", "acme")).isZero();
        assertThat(out.toString()).contains("Deleted tenant acme.");
    }

    @Test
    void quotasAreSetListedAndLifted() {
        answers.put("POST /actuator/quotas", "{}");
        assertThat(ctl("quotas", "set", "--messages-per-second", "100", "--sessions", "5"))
                .isZero();
        assertThat(requests.get(0)).endsWith("{\"who\":\"tenant\",\"sessions\":5,\"messagesPerSecond\":100}");
        assertThat(ctl("quotas", "set", "--each-user", "--connections", "3")).isZero();
        assertThat(requests.get(1)).endsWith("{\"who\":\"each-user\",\"connections\":3}");
        assertThat(ctl("quotas", "set", "--each-user", "--user", "ann", "--connections", "3"))
                .isEqualTo(2);
        answers.put(
                "GET /actuator/quotas",
                "{\"quotas\":[{\"who\":\"client\",\"name\":\"c\",\"bytesPerSecond\":7}],"
                        + "\"use\":{\"connections\":4,\"paused\":2,\"refused\":1}}");
        assertThat(ctl("quotas", "list")).isZero();
        assertThat(out.toString())
                .containsPattern("client +c +- +- +- +- +- +7 +-")
                .contains("On this node: 4 connections, 1 refused, paused 2 times.");
        answers.put("DELETE /actuator/quotas?who=client&name=c", "");
        assertThat(ctl("quotas", "delete", "--client", "c")).isZero();
        assertThat(out.toString()).contains("Lifted the quota of client c.");
    }

    @Test
    void jsonIsWhatTheServerSays() {
        answers.put("GET /actuator/topics?tenant=blue&internal=true", "{\"topics\":[]}");
        assertThat(ctl("-o", "json", "topics", "list", "--internal", "--tenant", "blue"))
                .isZero();
        assertThat(out.toString().replaceAll("\\s", "")).isEqualTo("{\"topics\":[]}");
    }

    @Test
    void aTopicIsShownWithItsShards() {
        answers.put("GET /actuator/topics/orders", TOPIC);
        assertThat(ctl("topics", "show", "orders")).isZero();
        assertThat(out.toString())
                .contains("engine      memory (volatile)", "durability  memory", "config      a=b")
                .contains("        0      1      3      0              12   12    100         1  open")
                .contains("        1      -      0      2               5    5      9         0  unavailable")
                .contains("it lies on node 2");
    }

    @Test
    void aTopicIsCreatedWithWhatWasSaidAndNothingElse() {
        answers.put("POST /actuator/topics", TOPIC);
        assertThat(ctl("topics", "create", "orders", "--partitions", "2", "--binding", "shop.>", "--config", "a=b"))
                .isZero();
        assertThat(requests.get(0))
                .endsWith("{\"name\":\"orders\",\"partitions\":2,\"bindings\":[\"shop.>\"],\"config\":{\"a\":\"b\"}}");
    }

    @Test
    void aTopicIsAlteredAndGetsDefaultsBack() {
        answers.put("PATCH /actuator/topics/orders", TOPIC);
        assertThat(ctl("topics", "alter", "orders", "--config", "retention.ms=5", "--default", "retention.bytes"))
                .isZero();
        assertThat(requests.get(0)).endsWith("{\"config\":{\"retention.ms\":\"5\",\"retention.bytes\":null}}");
        assertThat(ctl("topics", "alter", "orders", "--partitions", "6")).isZero();
        assertThat(requests.get(1)).endsWith("{\"config\":{},\"partitions\":6}");
    }

    @Test
    void recordsAreDeletedBeforeAnOffset() {
        answers.put("POST /actuator/topics/orders/delete-records", "{\"partition\":1,\"startOffset\":7}");
        assertThat(ctl("topics", "delete-records", "orders", "--partition", "1", "--before", "7"))
                .isZero();
        assertThat(requests.get(0)).contains("\"partition\":1").contains("\"before\":7");
        assertThat(out.toString()).startsWith("Partition 1 begins at offset 7 now.");
        assertThat(ctl("topics", "delete-records", "orders", "--before", "7")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void retainedMessagesAreListedShownAndDeleted() {
        String message =
                "\"subject\":\"a/1\",\"qos\":1,\"bytes\":2,\"protocol\":\"mqtt\",\"published\":\"P\",\"expires\":null";
        answers.put(
                "GET /actuator/retained?filter=a%2F%2B",
                "{\"total\":9,\"retained\":[{" + message + "}],\"next\":\"a/1\"}");
        assertThat(ctl("retained", "list", "--filter", "a/+")).isZero();
        assertThat(out.toString().lines())
                .containsExactly("SUBJECT  QOS  BYTES  PUBLISHED  EXPIRES", "a/1        1      2  P          never");
        assertThat(err.toString()).contains("There are more: --after 'a/1'");
        answers.put("GET /actuator/retained?subject=a%2F1", "{" + message + ",\"payload\":\"hi\"}");
        assertThat(ctl("retained", "show", "a/1")).isZero();
        assertThat(out.toString()).containsPattern("payload +hi");
        answers.put("DELETE /actuator/retained?subject=a%2F1", "");
        assertThat(ctl("retained", "delete", "a/1")).isZero();
        assertThat(out.toString()).contains("Deleted the retained message under a/1.");
    }

    @Test
    void sessionsAreListedShownAndDeleted() {
        String session = "\"clientId\":\"a/1\",\"connected\":false,\"inFlight\":0,\"recordsBehind\":7,"
                + "\"dropped\":{\"count\":1,\"bytes\":2,\"age\":3,\"retention\":4},\"expirySeconds\":null";
        answers.put(
                "GET /actuator/sessions?filter=a&after=Z&limit=1",
                "{\"sessions\":[{\"node\":4," + session + ",\"subscriptions\":2}],\"next\":\"a/1\"}");
        assertThat(ctl("sessions", "list", "--filter", "a", "--after", "Z", "--limit", "1"))
                .isZero();
        assertThat(out.toString().lines().toList().get(1).strip().replaceAll(" +", " "))
                .isEqualTo("4 a/1 false 2 0 7 10 never");
        assertThat(err.toString()).contains("There are more: --after 'a/1'");
        answers.put(
                "GET /actuator/sessions?clientId=a%2F1",
                "{" + session + ",\"subscriptions\":[{\"filter\":\"x/#\",\"qos\":1}]}");
        assertThat(ctl("sessions", "show", "a/1")).isZero();
        assertThat(out.toString())
                .containsPattern("dropped by retention +4")
                .containsPattern("recordsBehind +7")
                .containsPattern("x/# +1");
        answers.put("DELETE /actuator/sessions?clientId=a%2F1", "");
        assertThat(ctl("sessions", "delete", "a/1")).isZero();
        assertThat(out.toString()).contains("Deleted the session of a/1.");
        assertThat(ctl("sessions", "show", "nobody")).isNotZero();
    }

    @Test
    void subscriptionsAreListed() {
        answers.put(
                "GET /actuator/subscriptions?clientId=c&filter=x&after=b&limit=5",
                "{\"subscriptions\":[{\"node\":1,\"clientId\":\"c\",\"filter\":\"x/#\",\"qos\":1,\"subscriptionId\":null,\"durable\":false,"
                        + "\"since\":null},{\"node\":2,\"clientId\":\"d\",\"filter\":\"x\",\"qos\":0,\"subscriptionId\":7,\"durable\":true,"
                        + "\"since\":\"S\"}],\"next\":\"d\"}");
        assertThat(ctl("subscriptions", "list", "--client", "c", "--filter", "x", "--after", "b", "--limit", "5"))
                .isZero();
        assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly("NODE CLIENT FILTER QOS ID DURABLE SINCE", "1 c x/# 1 - no -", "2 d x 0 7 yes S");
        assertThat(err.toString()).contains("There are more: --after 'd'");
    }

    @Test
    void shardsAreListedWithWhatIsWrongWithThem() {
        answers.put(
                "GET /actuator/shards?topic=orders",
                "{\"shards\":[{\"shard\":\"orders-0\",\"engine\":\"file\",\"volatile\":false,\"disk\":\"/d/1\",\"diskState\":\"FAILED\",\"owner\":1,"
                        + "\"epoch\":2,\"startOffset\":3,\"highWatermark\":5,\"endOffset\":6,\"bytes\":70,\"segments\":2,"
                        + "\"state\":\"unavailable\",\"problem\":\"its disk has failed\"}]}");
        assertThat(ctl("shards", "list", "--topic", "orders")).isZero();
        assertThat(out.toString().lines().toList().get(1).replaceAll(" +", " "))
                .isEqualTo("orders-0 file no /d/1 FAILED 1 2 3 5 6 70 2 unavailable: its disk has failed");
    }

    @Test
    void aScrubIsBegunAndShown() {
        answers.put(
                "POST /actuator/shards/scrub",
                "{\"disks\":[{\"disk\":\"/d/1\",\"begun\":true},{\"disk\":\"/d/2\",\"begun\":false,\"reason\":\"busy\"}]}");
        answers.put(
                "GET /actuator/shards/scrub",
                "{\"disks\":[{\"disk\":\"/d/1\",\"running\":true,\"shardsLeft\":2,\"bytes\":70,\"rounds\":1,"
                        + "\"lastRound\":\"2026-01-31T12:00:00Z\",\"damaged\":[{\"shard\":\"t-0\",\"file\":\"f.seg\","
                        + "\"fromOffset\":3,\"toOffset\":4,\"reason\":\"CRC mismatch\"}]}]}");
        assertThat(ctl("shards", "scrub")).isZero();
        assertThat(out.toString().lines()).containsExactly("/d/1: a round begins", "/d/2: busy");
        assertThat(ctl("shards", "scrub", "--status")).isZero();
        assertThat(out.toString())
                .contains("damaged: shard t-0, f.seg, offsets [3, 4): CRC mismatch")
                .containsPattern("/d/1 +yes +2 +70 +1 +2026-01-31T12:00:00Z +1");
    }

    @Test
    void namesAreEncodedInPaths() {
        answers.put("DELETE /actuator/topics/a%2Fb%20c", "");
        assertThat(ctl("topics", "delete", "a/b c")).isZero();
        assertThat(out.toString()).isEqualTo("Deleted topic a/b c." + System.lineSeparator());
    }

    @Test
    void aRecordIsPublished() {
        answers.put("POST /actuator/topics/orders/records", "{\"partition\":1,\"offset\":7,\"timestamp\":5}");
        assertThat(ctl("topics", "publish", "orders", "--key", "k", "--value", "v"))
                .isZero();
        assertThat(requests.get(0)).endsWith("{\"key\":\"k\",\"value\":\"v\"}");
        assertThat(out.toString()).startsWith("Appended at offset 7 of partition 1.");
        assertThat(ctl("topics", "publish", "orders")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void recordsArePrintedAsTheyCome() {
        answers.put("GET /actuator/topics/orders", TOPIC);
        answers.put("GET /actuator/topics/orders/records?from=earliest&limit=2", line(0, 0) + line(1, 4));
        assertThat(ctl("topics", "read", "orders", "--limit", "2")).isZero();
        assertThat(out.toString()).isEqualTo(line(0, 0) + line(1, 4));
    }

    @Test
    void onlyRecordsOfASubjectAreAskedFor() {
        answers.put("GET /actuator/topics/orders", TOPIC);
        answers.put(
                "GET /actuator/topics/orders/records?from=earliest&limit=2&subject=a%2F%2B%2F%23",
                line(0, 0) + line(0, 1));
        assertThat(ctl("topics", "read", "orders", "--limit", "2", "--subject", "a/+/#"))
                .isZero();
        assertThat(out.toString()).isEqualTo(line(0, 0) + line(0, 1));
    }

    @Test
    void aReadGoesOnInEachPartitionWhenOnePageIsNotEnough() {
        StringBuilder page = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            page.append(line(0, i));
        }
        answers.put("GET /actuator/topics/orders", TOPIC);
        answers.put("GET /actuator/topics/orders/records?from=earliest&limit=1000", page.toString());
        answers.put("GET /actuator/topics/orders/records?partition=0&from=1000&limit=1000", line(0, 1000));
        answers.put("GET /actuator/topics/orders/records?partition=1&from=earliest&limit=999", line(1, 2));
        answers.put("GET /actuator/topics/orders/records?partition=0&from=1001&limit=998", "");
        answers.put("GET /actuator/topics/orders/records?partition=1&from=3&limit=998", "");
        assertThat(ctl("topics", "read", "orders", "--limit", "2000")).isZero();
        assertThat(out.toString()).isEqualTo(page + line(0, 1000) + line(1, 2));
    }

    @Test
    void theServersSentenceIsTheMessage() {
        answers.put(
                "GET /actuator/topics/x",
                "{\"status\":404,\"detail\":\"there is no topic x\",\"error\":\"UNKNOWN_TOPIC\"}");
        statuses.put("GET /actuator/topics/x", 404);
        assertThat(ctl("topics", "show", "x")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).isEqualTo("ctl: there is no topic x" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void somethingElseOnThePortIsNotTakenForABroker() {
        answers.put("GET /actuator/cluster", "<html>");
        assertThat(ctl("cluster", "status")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("is it a RobustMQ admin port?");
    }

    @Test
    void nobodyThereHasItsOwnExitCode() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(run("--server", "127.0.0.1:" + free, "cluster", "status")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("is the server running at 127.0.0.1:" + free + "?");
    }

    @Test
    void aWrongCommandLineIsUsage() {
        assertThat(run("topics")).isEqualTo(ExitCode.USAGE);
        assertThat(run("topics", "show")).isEqualTo(ExitCode.USAGE);
        assertThat(run("-o", "xml", "topics", "list")).isEqualTo(ExitCode.USAGE);
        assertThat(run("--server", "a b", "topics", "list")).isEqualTo(ExitCode.USAGE);
        assertThat(run("topics", "read", "x", "--from", "latest", "--limit", "5000"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void connectionsAreListedAndKicked() {
        answers.put(
                "GET /actuator/connections?node=2&limit=1",
                "{\"total\":2,\"connections\":[{\"node\":2,\"id\":3,\"client\":\"c3\",\"user\":\"u3\",\"listener\":\"mqtt-tcp\",\"remote\":\"10.0.0.1:5\","
                        + "\"local\":\"10.0.0.9:1883\",\"opened\":\"2026-01-31T12:00:00Z\",\"bytesIn\":1,\"bytesOut\":2}],"
                        + "\"next\":\"~2+Mw\",\"incomplete\":[{\"node\":5,\"reason\":\"no answer in time\"}]}");
        answers.put("DELETE /actuator/connections/3?reason=loud&node=2", "");
        assertThat(ctl("connections", "list", "--node", "2", "--limit", "1")).isZero();
        assertThat(out.toString())
                .contains("   2   3  c3      u3    mqtt-tcp  10.0.0.1:5  10.0.0.9:1883  2026-01-31T12:00:00Z");
        assertThat(err.toString()).contains("--after '~2+Mw'", "Without node 5: no answer in time");
        assertThat(ctl("connections", "kick", "3", "--reason", "loud", "--node", "2"))
                .isZero();
    }

    @Test
    void sharedGroupsAreListedAndShown() {
        String group = "{\"name\":\"g\",\"filter\":\"a/#\",\"strategy\":\"round-robin\",\"members\":%s,\"online\":1,"
                + "\"waiting\":2,\"underWay\":3,\"delivered\":4,\"redelivered\":5,\"dropped\":6,\"kept\":true,"
                + "\"recordsBehind\":7,\"positions\":[{\"shard\":\"t-1\",\"offset\":8}]}";
        answers.put("GET /actuator/shared", "{\"groups\":[" + group.formatted("2") + "]}");
        String members = "[{\"client\":\"c1\",\"online\":true,\"credit\":10,\"underWay\":3}]";
        answers.put("GET /actuator/shared/g", "{\"groups\":[" + group.formatted(members) + "]}");
        assertThat(ctl("shared", "list")).isZero();
        assertThat(out.toString().replaceAll(" +", " ")).contains("g a/# round-robin 2 1 2 3 4 5 6 true 7");
        assertThat(ctl("shared", "show", "g")).isZero();
        assertThat(out.toString().replaceAll(" +", " "))
                .contains("a/# c1 true 10 3")
                .contains("a/# t-1 8");
    }

    @Test
    void allOfAListingIsAskedForPageByPage() {
        String user = "{\"name\":\"%s\",\"superuser\":false,\"hash\":\"argon2id\",\"scram\":true}";
        answers.put(
                "GET /actuator/users?filter=n&limit=1000",
                "{\"users\":[" + user.formatted("ann") + "],\"next\":\"ann\"}");
        answers.put(
                "GET /actuator/users?filter=n&limit=1000&after=ann",
                "{\"users\":[" + user.formatted("dan") + "],\"next\":null}");
        assertThat(ctl("users", "list", "--filter", "n", "--all")).isZero();
        assertThat(out.toString()).contains("ann", "dan");
        assertThat(err.toString()).isEmpty();
        assertThat(ctl("users", "list", "--all", "--limit", "5")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--all or --limit, not both");
    }

    @Test
    void theClusterIsShown() {
        answers.put(
                "GET /actuator/cluster",
                "{\"clusterName\":\"red\",\"version\":\"1\",\"volatileEngines\":[\"memory\"],\"nodes\":[{\"id\":1,"
                        + "\"alive\":true,\"roles\":[\"broker\",\"meta\"],\"rpcAddress\":\"h:1228\",\"listeners\":{}}],"
                        + "\"groups\":[{\"name\":\"data\",\"leader\":null,\"term\":2,\"committedIndex\":5,"
                        + "\"appliedIndex\":4,\"peers\":[\"h:1228\"]}]}");
        assertThat(ctl("cluster", "status")).isZero();
        assertThat(out.toString())
                .contains(
                        "Volatile  memory",
                        "   1  alive  broker,meta  h:1228  -",
                        "data   -          2          5        4  h:1228");
    }

    private static String line(int partition, int offset) {
        return "{\"partition\":" + partition + ",\"offset\":" + offset + "}\n";
    }

    private int ctl(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--server";
        all[1] = "127.0.0.1:" + server.getAddress().getPort();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return run(all);
    }

    private int run(String... arguments) {
        CommandLine command = CtlCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(request + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String text = answers.get(request);
        byte[] body =
                (text == null ? "{\"detail\":\"unexpected " + request + "\"}" : text).getBytes(StandardCharsets.UTF_8);
        int status = statuses.getOrDefault(request, text == null ? 500 : body.length == 0 ? 204 : 200);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
