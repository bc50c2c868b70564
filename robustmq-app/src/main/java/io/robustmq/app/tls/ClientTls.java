/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * What a command line says about TLS. Immutable.
 *
 * @param caFile the authorities that are trusted, as PEM; null for those that Java knows
 * @param certificate the client's own, with those that signed it, as PEM; null for none
 * @param key of the certificate, as PEM; null when it is in the file of the certificate
 * @param insecure whether any certificate of a server will do
 */
public record ClientTls(
        @Nullable Path caFile,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean insecure) {
    private static final char[] NO_PASSWORD = {};

    /** Fails with a sentence when these do not go together or cannot be read. */
    public ClientTls {
        require(key == null || certificate != null, "--key needs --cert");
        require(!insecure || caFile == null, "--ca-file or --insecure, not both");
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /** Whether nothing is said. */
    public boolean isUsual() {
        return caFile == null && certificate == null && !insecure;
    }

    /** Fails with a sentence when a file is not what it should be. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the keys cannot be used: " + e.getMessage(), e);
        }
    }

    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException {
        if (insecure) {
            return new TrustManager[] {new Anybody()};
        }
        if (caFile == null) {
            return null;
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (X509Certificate each : certificates(caFile)) {
            store.setCertificateEntry("ca-" + number++, each);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException {
        Path own = certificate;
        if (own == null) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("own", privateKey(), NO_PASSWORD, certificates(own).toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** The key in the one form that everything reads; null without a certificate. */
    public @Nullable String keyAsPkcs8() {
        if (certificate == null) {
            return null;
        }
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(privateKey().getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    }

    /** The client's own certificate; null for none. */
    public @Nullable String certificateText() {
        Path own = certificate;
        if (own == null) {
            return null;
        }
        try {
            return Files.readString(own);
        } catch (IOException e) {
            throw unreadable(own, e);
        }
    }

    private PrivateKey privateKey() {
        Path file = key != null ? key : certificate;
        if (file == null) {
            throw new IllegalStateException("no certificate");
        }
        PrivateKey read;
        try {
            read = PemContent.load(file).getPrivateKey();
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + " holds no private key in PEM that can be read", e);
        }
        require(read != null, file + " holds no private key in PEM");
        return read;
    }

    private static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> read;
        try {
            read = PemContent.load(file).getCertificates();
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(file, e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + " holds no certificate in PEM that can be read", e);
        }
        require(!read.isEmpty(), file + " holds no certificate in PEM");
        return read;
    }

    private static IllegalArgumentException unreadable(Path file, Exception why) {
        return new IllegalArgumentException(file + " cannot be read", why);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks nothing, not even for the server's name: an extended one has the last word about that. Stateless. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
