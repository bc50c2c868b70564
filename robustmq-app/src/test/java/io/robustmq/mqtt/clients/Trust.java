/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import io.netty.handler.ssl.SslContext;
import io.robustmq.kafka.TestKeys;
import io.robustmq.net.TlsContexts;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The keys of the broker in these tests, and what makes clients trust them; made once a process. Immutable. */
final class Trust {
    static final Trust INSTANCE = create();

    private final TestKeys keys;
    private final SslContext server;
    private final TrustManagerFactory trusting;

    private Trust(TestKeys keys, SslContext server, TrustManagerFactory trusting) {
        this.keys = keys;
        this.server = server;
        this.trusting = trusting;
    }

    private static Trust create() {
        try {
            Path directory = Files.createTempDirectory("robustmq-keys");
            TestKeys keys = TestKeys.create(directory, "node");
            directory.toFile().deleteOnExit();
            keys.store().toFile().deleteOnExit();
            keys.certificate().toFile().deleteOnExit();
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (InputStream in = Files.newInputStream(keys.certificate())) {
                store.setCertificateEntry(
                        "node", CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
            TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusting.init(store);
            return new Trust(keys, keys.server(), trusting);
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    TlsContexts broker() {
        return spec -> server;
    }

    TrustManagerFactory managers() {
        return trusting;
    }

    SSLContext client() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusting.getTrustManagers(), null);
            return context;
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate of the broker, which signs itself. */
    Path certificate() {
        return keys.certificate();
    }
}
