/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.robustmq.node.NodeContext;
import io.robustmq.node.StartRefusedException;
import io.robustmq.rpc.InnerRpcChannels;
import io.robustmq.rpc.InnerRpcServer;
import io.robustmq.rpc.InnerSecurity;
import io.robustmq.rpc.meta.MetaServiceGrpc;
import io.robustmq.rpc.meta.StatusRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What lets the inner port off the loopback, as keys of the configuration. */
class InnerPortProofTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "fedcba9876543210fedcba9876543210";

    @TempDir
    static Path keys;

    private static Path own;
    private static Path other;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        own = keys("own");
        other = keys("other");
    }

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SslAutoConfiguration.class, NodeAutoConfiguration.class, InnerRpcAutoConfiguration.class))
                .withPropertyValues(
                        "robustmq.data-dir=" + directory.resolve("data"),
                        "robustmq.rpc.port=0",
                        "robustmq.bind-address=0.0.0.0");
    }

    /** UNIMPLEMENTED is what somebody hears who is let in: no service was added. */
    private static Status.Code ask(int port, InnerSecurity proof) {
        try (InnerRpcChannels channels = new InnerRpcChannels(proof)) {
            ClientCalls.blockingUnaryCall(
                    channels.channel("127.0.0.1:" + port),
                    MetaServiceGrpc.getStatusMethod(),
                    CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                    StatusRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    @Test
    void aSecretLetsItOffTheLoopback() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "\n " + SECRET + " \n" + OTHER + "\n");
        for (String key : List.of("shared-secret=" + SECRET, "shared-secret-file=" + file)) {
            runner().withPropertyValues("robustmq.rpc." + key).run(context -> {
                InnerRpcServer server = context.getBean(NodeContext.class).get(InnerRpcServer.class);
                assertThat(server.security().how()).isEqualTo("shared secret");
                assertThat(ask(server.port(), InnerSecurity.ofSecrets("robustmq", List.of(SECRET))))
                        .isEqualTo(Status.Code.UNIMPLEMENTED);
                assertThat(ask(server.port(), InnerSecurity.NONE)).isEqualTo(Status.Code.UNAVAILABLE);
            });
        }
    }

    @Test
    void certificatesLetItOffTheLoopback() throws Exception {
        runner().withPropertyValues("robustmq.rpc.tls.bundle=inner")
                .withPropertyValues(bundle(own, own))
                .run(context -> {
                    InnerRpcServer server = context.getBean(NodeContext.class).get(InnerRpcServer.class);
                    assertThat(server.security().how()).isEqualTo("certificates");
                    assertThat(ask(server.port(), server.security())).isEqualTo(Status.Code.UNIMPLEMENTED);
                    assertThat(ask(server.port(), InnerSecurity.NONE)).isEqualTo(Status.Code.UNAVAILABLE);
                    runner().withPropertyValues(
                                    "robustmq.rpc.tls.bundle=inner", "robustmq.data-dir=" + directory.resolve("data2"))
                            .withPropertyValues(bundle(other, own))
                            .run(stranger -> assertThat(ask(
                                            server.port(),
                                            stranger.getBean(NodeContext.class)
                                                    .get(InnerRpcServer.class)
                                                    .security()))
                                    .isEqualTo(Status.Code.UNAVAILABLE));
                });
        for (String half : List.of("keystore", "truststore")) {
            String[] properties = java.util.Arrays.stream(bundle(own, own))
                    .filter(each -> each.contains("." + half))
                    .toArray(String[]::new);
            runner().withPropertyValues("robustmq.rpc.tls.bundle=inner")
                    .withPropertyValues(properties)
                    .run(context -> assertThat(root(context.getStartupFailure()))
                            .isInstanceOf(StartRefusedException.class)
                            .hasMessageStartingWith("The inner port cannot use the SSL bundle 'inner'"));
        }
    }

    @Test
    void replacedCertificatesAreForTheNextConnection() throws Exception {
        DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("inner", bundleOf(own, own));
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(NodeAutoConfiguration.class, InnerRpcAutoConfiguration.class))
                .withBean(SslBundles.class, () -> registry)
                .withPropertyValues(
                        "robustmq.data-dir=" + directory.resolve("data"),
                        "robustmq.rpc.port=0",
                        "robustmq.rpc.tls.bundle=inner")
                .run(context -> {
                    InnerRpcServer server = context.getBean(NodeContext.class).get(InnerRpcServer.class);
                    InnerSecurity others = InnerSecurity.ofCertificates(
                            bundleOf(other, other).getManagers().getKeyManagerFactory(),
                            bundleOf(other, other).getManagers().getTrustManagerFactory(),
                            List.of());
                    assertThat(ask(server.port(), others)).isEqualTo(Status.Code.UNAVAILABLE);
                    registry.updateBundle("inner", SslBundle.of(SslStoreBundle.NONE));
                    assertThat(ask(server.port(), server.security()))
                            .as("one that cannot be used leaves the one before")
                            .isEqualTo(Status.Code.UNIMPLEMENTED);
                    registry.updateBundle("inner", bundleOf(other, other));
                    assertThat(ask(server.port(), others)).isEqualTo(Status.Code.UNIMPLEMENTED);
                });
    }

    private static SslBundle bundleOf(Path own, Path trusted) throws Exception {
        return SslBundle.of(
                SslStoreBundle.of(
                        KeyStore.getInstance(own.toFile(), "changeit".toCharArray()),
                        "changeit",
                        KeyStore.getInstance(trusted.toFile(), "changeit".toCharArray())),
                SslBundleKey.of("changeit"));
    }

    private static Path keys(String name) throws Exception {
        Path store = keys.resolve(name + ".p12");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        return store;
    }

    private static String[] bundle(Path own, Path trusted) {
        String prefix = "spring.ssl.bundle.jks.inner.";
        return new String[] {
            prefix + "keystore.location=" + own.toUri(), prefix + "keystore.password=changeit",
            prefix + "keystore.type=PKCS12", prefix + "truststore.location=" + trusted.toUri(),
            prefix + "truststore.password=changeit", prefix + "truststore.type=PKCS12"
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "robustmq.rpc.tls.bundle=inner | there is none of that name",
                "robustmq.rpc.shared-secret=0123456789abcdef0123456789abcde | robustmq.rpc.shared-secret has 31 characters",
                "robustmq.rpc.tls.allowed-names=a | robustmq.rpc.tls.allowed-names is 'a'",
                "robustmq.rpc.shared-secret-file=/nowhere/at/all | is '/nowhere/at/all', which is not possible",
                "robustmq.rpc.port=0 | and nothing is set that says who may call"
            })
    void whatProvesNothingRefusesTheStart(String property, String message) {
        runner().withPropertyValues(property)
                .run(context -> assertThat(root(context.getStartupFailure()))
                        .isInstanceOf(StartRefusedException.class)
                        .hasMessageContaining(message)
                        .hasMessageNotContaining("0123456789"));
    }

    @Test
    void aFileWithoutAUsableSecretIsRefusedWithoutQuotingIt() throws Exception {
        Path file = directory.resolve("secret");
        for (byte[] content : List.of(new byte[0], "hush".getBytes(), new byte[] {'h', 'u', 's', 'h', (byte) 0xFF})) {
            Files.write(file, content);
            runner().withPropertyValues("robustmq.rpc.shared-secret-file=" + file)
                    .run(context -> assertThat(root(context.getStartupFailure()))
                            .isInstanceOf(StartRefusedException.class)
                            .hasMessageContaining("robustmq.rpc.shared-secret-file")
                            .hasMessageNotContaining("hush"));
        }
    }

    @Test
    void oneProofIsEnough() {
        assertThatExceptionOfType(StartRefusedException.class)
                .isThrownBy(() -> runner().withPropertyValues(
                                "robustmq.rpc.shared-secret=" + SECRET, "robustmq.rpc.tls.bundle=inner")
                        .run(context -> {
                            throw (StartRefusedException) root(context.getStartupFailure());
                        }))
                .withMessageContaining("more than one is set");
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && !(root instanceof StartRefusedException)) {
            root = root.getCause();
        }
        return root;
    }
}
