/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/** A key pair with its self-signed certificate, as the JDK's own tool makes it. Immutable. */
record TestKeys(Path file, KeyStore store) {
    static final String PASSWORD = "changeit";

    /** @param names alternative names, {@code dns:localhost,ip:127.0.0.1}; null for none */
    static TestKeys create(Path directory, String file, String subject, @Nullable String names) throws Exception {
        Path path = directory.resolve(file + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                subject,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                path.toString(),
                "-storepass",
                PASSWORD));
        if (names != null) {
            command.addAll(List.of("-ext", "san=" + names));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(path)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new TestKeys(path, store);
    }

    X509Certificate certificate() {
        try {
            return (X509Certificate) store.getCertificate("own");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a node has: its own keys, and whom of its clients it trusts. */
    SslBundle bundle(TestKeys... trusted) throws Exception {
        return bundle(SslOptions.NONE, trusted);
    }

    SslBundle bundle(SslOptions options, TestKeys... trusted) throws Exception {
        SslStoreBundle stores =
                SslStoreBundle.of(store, PASSWORD, trusted.length == 0 ? null : trusting(List.of(trusted)));
        return SslBundle.of(stores, SslBundleKey.of(PASSWORD), options);
    }

    static KeyStore trusting(List<TestKeys> trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (TestKeys each : trusted) {
            store.setCertificateEntry(each.file.toString(), each.certificate());
        }
        return store;
    }

    /** What a client has: whom it trusts, and perhaps keys of its own. */
    static SSLContext client(@Nullable TestKeys own, TestKeys... trusted) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusting(List.of(trusted)));
        KeyManager[] keys = null;
        if (own != null) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(own.store, PASSWORD.toCharArray());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    /** The properties of a bundle that reads its keys from these files. */
    static Map<String, String> properties(String bundle, Path keystore) {
        String prefix = "spring.ssl.bundle.jks." + bundle + ".";
        return Map.of(
                prefix + "keystore.location",
                keystore.toUri().toString(),
                prefix + "keystore.password",
                PASSWORD,
                prefix + "keystore.type",
                "PKCS12",
                prefix + "reload-on-update",
                "true");
    }
}
