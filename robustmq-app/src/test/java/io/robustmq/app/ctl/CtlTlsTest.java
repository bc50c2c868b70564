/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.robustmq.kafka.TestKeys;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ctl} against an admin port with TLS. */
class CtlTlsTest {
    @TempDir
    static Path directory;

    private static TestKeys node;
    private static TestKeys other;
    private static HttpsServer server;
    private static String authorization = "";

    private record Said(int code, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        node = TestKeys.create(directory, "node");
        other = TestKeys.create(directory, "other");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(node.store())) {
            keys.load(in, TestKeys.PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, TestKeys.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = "{\"topics\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static Said ctl(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = CtlCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("topics", "list"));
        return new Said(command.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    private static String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void aServerIsTrustedByItsAuthorityAndToldTheTokenOfAFile() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "k3v9.secret\n");
        Said said = ctl("-s", address(), "--ca-file", node.certificate().toString(), "--token-file", token.toString());
        assertThat(said.code).as(said.err).isZero();
        assertThat(authorization).isEqualTo("Bearer k3v9.secret");
    }

    @Test
    void whoIsNotTrustedIsNotToldAnything() {
        authorization = "";
        for (Said said : List.of(
                ctl("-s", "https://" + address(), "--token", "k"),
                ctl("-s", address(), "--ca-file", other.certificate().toString(), "--token", "k"))) {
            assertThat(said.code).as(said.err).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(said.err).contains("signed by nobody who is trusted", "--ca-file");
        }
        assertThat(authorization).isEmpty();
    }

    @Test
    void anyCertificateWillDoOnlyForWhoSaysSo() {
        assertThat(ctl("-s", address(), "--insecure").code).isZero();
        assertThat(ctl("-s", "http://" + address(), "--insecure").code).isEqualTo(ExitCode.USAGE);
        assertThat(ctl("-s", address(), "--insecure", "--ca-file", "x").code).isEqualTo(ExitCode.USAGE);
        assertThat(ctl("-s", address(), "--key", "x").code).isEqualTo(ExitCode.USAGE);
        assertThat(ctl("-s", address(), "--ca-file", "absent.pem").err).contains("absent.pem cannot be read");
    }
}
