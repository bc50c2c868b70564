/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.access.LocalServer;
import io.robustmq.access.http.HttpSource;
import io.robustmq.access.jwt.JwtSource;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import io.robustmq.protocol.ClientIdentity;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SourcesAutoConfigurationTest {
    private static final String SECRET = "robustmq.access.sources.jwt.secret=01234567890123456789012345678901";

    @TempDir
    Path dir;

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withPropertyValues("robustmq.data-dir=" + dir)
                .withConfiguration(AutoConfigurations.of(
                        NodeAutoConfiguration.class,
                        JwtSourceAutoConfiguration.class,
                        HttpSourceAutoConfiguration.class));
    }

    @Test
    void whatIsNotConfiguredIsNotThere() {
        runner().run(context -> assertThat(context).doesNotHaveBean(CredentialSource.class));
        runner().withPropertyValues("robustmq.access.sources.order=users")
                .run(context -> assertThat(context).doesNotHaveBean(CredentialSource.class));
        runner().withPropertyValues("robustmq.roles=meta", SECRET)
                .run(context -> assertThat(context).doesNotHaveBean(CredentialSource.class));
    }

    @Test
    void whatIsConfiguredIsThereAsConfigured() {
        runner().withPropertyValues(
                        SECRET,
                        "robustmq.access.sources.jwt.on-failure=next",
                        "robustmq.access.sources.jwt.timeout=2s",
                        "robustmq.access.sources.jwt.concurrency=3",
                        "robustmq.access.sources.http.url=https://auth.example/mqtt",
                        "robustmq.access.sources.http.headers.X-Site=plant")
                .run(context -> {
                    assertThat(context.getBeansOfType(CredentialSource.class).values())
                            .extracting(CredentialSource::name)
                            .containsExactlyInAnyOrder("jwt", "http");
                    JwtSource jwt = context.getBean(JwtSource.class);
                    assertThat(jwt.passesOnFailure()).isTrue();
                    assertThat(jwt.timeoutMillis()).isEqualTo(2_000);
                    assertThat(jwt.concurrencyMax()).isEqualTo(3);
                    assertThat(jwt.readsUserName()).isFalse();
                });
    }

    @Test
    void theServiceIsWhoItsAuthorityVouchesFor() throws Exception {
        Path store = dir.resolve("service.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "service",
                "-keyalg",
                "EC",
                "-dname",
                "CN=service",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit");
        Path certificate = dir.resolve("service.pem");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "service",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-file",
                certificate.toString());
        try (LocalServer service =
                new LocalServer(context(store), (request, body) -> new LocalServer.Answer(204, null))) {
            String url = "robustmq.access.sources.http.url=" + service.url();
            runner().withPropertyValues(url, "robustmq.access.sources.http.ca-file=" + certificate)
                    .run(context ->
                            assertThat(ask(context.getBean(HttpSource.class))).isEqualTo(Outcome.ACCEPTED));
            runner().withPropertyValues(url)
                    .run(context -> assertThatThrownBy(() -> ask(context.getBean(HttpSource.class)))
                            .hasRootCauseInstanceOf(CertPathBuilderException.class));
        }
    }

    private static Outcome ask(HttpSource source) {
        ClientIdentity ann = new ClientIdentity("default", "mqtt", "d1", "ann", "192.0.2.1");
        return source.verify(ann, new byte[] {'x'}).toCompletableFuture().join().outcome();
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static SSLContext context(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void theEnvironmentConfiguresThemToo() {
        runner().withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment",
                                Map.of("ROBUSTMQ_ACCESS_SOURCES_HTTP_URL", "https://auth.example/mqtt"))))
                .run(context ->
                        assertThat(context).hasSingleBean(HttpSource.class).doesNotHaveBean(JwtSource.class));
    }

    @Test
    void whatCannotBeIsSaidAtStart() {
        refuses("say one of", "robustmq.access.sources.jwt.issuer=x");
        refuses("algorithms", SECRET, "robustmq.access.sources.jwt.algorithms=none");
        refuses("user-claim", SECRET, "robustmq.access.sources.jwt.user-claim=");
        refuses(
                "user-claim",
                SECRET,
                "robustmq.access.sources.jwt.user-claim=",
                "robustmq.access.sources.jwt.claims.u=%u",
                "robustmq.access.sources.jwt.from=user-name");
        refuses("concurrency", SECRET, "robustmq.access.sources.jwt.concurrency=257");
        refuses("concurrency", SECRET, "robustmq.access.sources.jwt.concurrency=0");
        refuses("http.url", "robustmq.access.sources.http.user=x");
        refuses("headers", "robustmq.access.sources.http.url=http://x/", "robustmq.access.sources.http.headers.Host=x");
        runner().withPropertyValues(
                        SECRET,
                        "robustmq.access.sources.jwt.user-claim=",
                        "robustmq.access.sources.jwt.claims.u=%u",
                        "robustmq.access.sources.jwt.concurrency=256")
                .run(context -> assertThat(context).hasSingleBean(JwtSource.class));
    }

    private void refuses(String why, String... properties) {
        runner().withPropertyValues(properties)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining(why)
                        .hasMessageNotContaining("0123456789"));
    }
}
