/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

/** A key pair of a node at 127.0.0.1 as the JDK's own tool makes it, in the forms that clients want. Immutable. */
public record TestKeys(Path store, Path certificate) {
    public static final String PASSWORD = "changeit";

    public static TestKeys create(Path directory, String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Path certificate = directory.resolve(name + ".pem");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-file",
                certificate.toString());
        return new TestKeys(store, certificate);
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    public SslContext server() throws Exception {
        return SslContextBuilder.forServer(managers()).build();
    }

    /** One that lets clients in only with that certificate. */
    public SslContext serverFor(TestKeys client) throws Exception {
        return serverFor(client, ClientAuth.REQUIRE);
    }

    /** One that asks for that certificate, and lets in who has none. */
    public SslContext serverAsking(TestKeys client) throws Exception {
        return serverFor(client, ClientAuth.OPTIONAL);
    }

    private SslContext serverFor(TestKeys client, ClientAuth how) throws Exception {
        return SslContextBuilder.forServer(managers())
                .trustManager(client.certificate.toFile())
                .clientAuth(how)
                .build();
    }

    private KeyManagerFactory managers() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        return managers;
    }
}
