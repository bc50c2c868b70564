/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import io.robustmq.kafka.TestKeys;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.OpenedAccess;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.ClientAuth;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench} against a broker that encrypts and asks who calls: what works, and what it says when it does not. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BenchLoginTest {
    @TempDir
    static Path directory;

    private static final AtomicReference<SslContext> SERVER = new AtomicReference<>();
    private static TestKeys node;
    private static TestKeys device;
    private static OpenedAccess access;
    private static InProcessBroker broker;
    private static Path password;
    private static Path wrong;

    private record Said(int code, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        node = TestKeys.create(directory, "node");
        device = TestKeys.create(directory, "device");
        SERVER.set(node.server());
        access = new OpenedAccess().user("ann", "se\"sa\\me").allow("ann-bench", "ann", Action.ALL, "bench/#");
        broker = InProcessBroker.options()
                .access(access.control())
                .tls(spec -> SERVER.get())
                .clientAuth(ClientAuth.NONE)
                .start();
        password = Files.writeString(directory.resolve("password"), "se\"sa\\me\n");
        wrong = Files.writeString(directory.resolve("wrong"), "wrong\n");
    }

    @AfterAll
    static void stop() {
        broker.close();
        access.close();
    }

    private static Said bench(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = BenchCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return new Said(command.execute(arguments), out.toString(), err.toString());
    }

    private static Said mqtt(int port, String shape, String... more) {
        return run(List.of("mqtt", shape, "--port", "" + port), more);
    }

    private static Said kafka(int port, String shape, String... more) {
        return run(List.of("kafka", shape, "--port", "" + port), more);
    }

    private static Said run(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of("--json"));
        if (!first.contains("conn")) {
            all.addAll(List.of("--duration", "500ms"));
        }
        all.addAll(Arrays.asList(more));
        return bench(all.toArray(String[]::new));
    }

    private static String[] secure(Path secret, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--tls",
                "--ca-file",
                node.certificate().toString(),
                "--user",
                "ann",
                "--password-file",
                secret.toString()));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private static JsonNode whole(Said said) {
        assertThat(said.code).as(said.err).isZero();
        JsonNode report = JsonMapper.shared().readTree(said.out);
        assertThat(report.path("sent").asLong(0)).as(said.out).isPositive();
        assertThat(report.path("lost").asLong(-1)).as(said.out).isZero();
        return report;
    }

    private static void fails(Said said, int code, String... texts) {
        assertThat(said.code).as(said.err).isEqualTo(code);
        assertThat(said.err).contains(texts).doesNotContain("\tat ", "sa\\me");
    }

    @Test
    void mqttGoesThroughTlsWithAUser() {
        whole(mqtt(broker.tlsPort(), "pair", secure(password, "--pairs", "2", "--qos", "1", "-V", "5")));
        whole(mqtt(broker.webSocketTlsPort(), "fanin", secure(password, "--transport", "ws", "--qos", "1")));
        Said storm = mqtt(broker.tlsPort(), "conn", secure(password, "--clients", "5", "--hold", "50ms"));
        assertThat(JsonMapper.shared().readTree(storm.out).path("connected").asInt(0))
                .as(storm.err)
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void kafkaGoesThroughTlsWithAUser(String mechanism) {
        whole(kafka(broker.kafkaTlsPort(), "produce", secure(password, "--sasl-mechanism", mechanism)));
    }

    @Test
    void whoIsNotLetInIsToldWhy() {
        fails(mqtt(broker.tlsPort(), "sub", secure(wrong)), BenchException.DENIED, "user name or password", "(4)");
        fails(mqtt(broker.tlsPort(), "sub", secure(wrong, "-V", "5")), BenchException.DENIED, "(0x86)");
        fails(
                mqtt(broker.tcpPort(), "conn", "-V", "5", "--clients", "3"),
                BenchException.DENIED,
                "not authorised (0x87)");
        fails(
                kafka(broker.kafkaTlsPort(), "produce", secure(wrong)),
                BenchException.DENIED,
                "does not let in",
                "user, password or token are not right");
    }

    @Test
    void whatIsNotAllowedIsSaid() {
        String[] elsewhere = secure(password, "--topic", "secret/%i", "-V", "5", "--qos", "1");
        fails(mqtt(broker.tlsPort(), "pub", elsewhere), BenchException.DENIED, "0x87");
        fails(mqtt(broker.tlsPort(), "sub", elsewhere), BenchException.DENIED, "secret/0", "0x87", "not authorised");
        fails(
                mqtt(broker.tlsPort(), "sub", secure(password, "--topic", "secret")),
                BenchException.DENIED,
                "0x80",
                "not authorised");
        fails(
                kafka(broker.kafkaTlsPort(), "produce", secure(password, "--topic", "secret")),
                BenchException.DENIED,
                "does not allow it",
                "Topic authorization failed");
    }

    @Test
    void troubleWithTlsIsSaid() {
        String[] untrusting = {"--tls", "--ca-file", device.certificate().toString()};
        String[] unknowing = {"--tls"};
        for (String[] options : List.of(untrusting, unknowing)) {
            fails(mqtt(broker.tlsPort(), "sub", options), BenchException.UNREACHABLE, "signed by nobody", "--ca-file");
            fails(
                    kafka(broker.kafkaTlsPort(), "produce", options),
                    BenchException.UNREACHABLE,
                    "signed by nobody",
                    "--ca-file");
        }
        fails(mqtt(broker.tcpPort(), "sub", secure(password)), BenchException.UNREACHABLE, "closed the connection");
        fails(mqtt(broker.tlsPort(), "sub"), BenchException.UNREACHABLE, "closed the connection");
    }

    @Test
    void certificatesOfClientsAreShown() throws Exception {
        Path key = pem(device);
        String[] own = {"--tls", "--ca-file", node.certificate().toString()};
        List<String> shown = new ArrayList<>(List.of(own));
        shown.addAll(List.of("--cert", device.certificate().toString(), "--key", key.toString()));
        SERVER.set(node.serverFor(device));
        try (OpenedAccess open = new OpenedAccess();
                InProcessBroker strict = InProcessBroker.options()
                        .access(open.control())
                        .tls(spec -> SERVER.get())
                        .clientAuth(ClientAuth.REQUIRED)
                        .start()) {
            whole(mqtt(strict.tlsPort(), "fanin", shown.toArray(String[]::new)));
            whole(kafka(strict.kafkaTlsPort(), "produce", shown.toArray(String[]::new)));
            Said without = mqtt(strict.tlsPort(), "sub", own);
            assertThat(without.code).as(without.err).isIn(BenchException.DENIED, BenchException.UNREACHABLE);
            assertThat(kafka(strict.kafkaTlsPort(), "produce", own).code)
                    .isIn(BenchException.DENIED, BenchException.UNREACHABLE);
        } finally {
            SERVER.set(node.server());
        }
    }

    private static Path pem(TestKeys keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.store())) {
            store.load(in, TestKeys.PASSWORD.toCharArray());
        }
        Key key = store.getKey(store.aliases().nextElement(), TestKeys.PASSWORD.toCharArray());
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return Files.writeString(
                directory.resolve("device.key"),
                "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
    }

    @ParameterizedTest
    @CsvSource({
        "--ca-file x.pem, need --tls",
        "--tls --key x.pem, --key needs --cert",
        "--password-file x, needs --user",
        "--user ann --password a --password-file x, not both",
        "--user ann --password-file absent, absent cannot be read",
        "--tls --ca-file absent.pem, absent.pem cannot be read"
    })
    void nonsenseIsAWrongCommandLine(String options, String said) {
        Said ended = mqtt(broker.tlsPort(), "pair", options.split(" "));
        fails(ended, CommandLine.ExitCode.USAGE, said);
        assertThat(kafka(broker.kafkaTlsPort(), "produce", options.split(" ")).code)
                .isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void nobodyThereIsUnreachable() {
        fails(mqtt(1, "pair"), BenchException.UNREACHABLE, "is the broker running at 127.0.0.1:1");
    }
}
