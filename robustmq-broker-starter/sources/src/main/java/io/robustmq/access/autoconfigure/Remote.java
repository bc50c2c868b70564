/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.lookup.Secret;
import io.robustmq.node.StartRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.ClassUtils;

/** What sources that ask servers are configured with, from text and files to what they use. Stateless. */
final class Remote {
    static final String PREFIX = "robustmq.access.sources.";

    private Remote() {}

    /** The password itself, or what a file has in its first line, read at each use, so that it can change. */
    static Secret secret(String key, @Nullable String password, @Nullable String file) {
        if (password != null && file != null) {
            throw new StartRefusedException(
                    PREFIX + key + " and " + PREFIX + key + "-file are both set.", "Keep one of them.");
        }
        if (file == null) {
            return password == null ? Secret.NONE : Secret.of(password);
        }
        try {
            firstLine(file);
        } catch (IOException e) {
            throw unreadable(key + "-file", file);
        }
        return Secret.from(() -> {
            try {
                return firstLine(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String firstLine(String file) throws IOException {
        return new FileSystemResource(file)
                .getContentAsString(StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }

    private static StartRefusedException unreadable(String key, String file) {
        return new StartRefusedException(
                PREFIX + key + " names " + file + ", which cannot be read.", "Check the path and who may read it.");
    }

    /** Trusts what the certificates in the file have signed, or what Java trusts when there is none. */
    static SSLContext trust(String key, @Nullable String file) {
        try {
            if (file == null) {
                return SSLContext.getDefault();
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int i = 0;
            for (Certificate each : certificates(key, file)) {
                store.setCertificateEntry("ca-" + i++, each);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static Collection<? extends Certificate> certificates(String key, String file) {
        try (InputStream in = new FileSystemResource(file).getInputStream()) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new StartRefusedException(
                        PREFIX + key + " names " + file + ", which has no certificate.",
                        "Name a file with certificates in PEM.");
            }
            return found;
        } catch (IOException e) {
            throw unreadable(key, file);
        } catch (GeneralSecurityException e) {
            throw new StartRefusedException(
                    PREFIX + key + " names " + file + ", which has something else than certificates.",
                    "Name a file with certificates in PEM.",
                    e);
        }
    }

    /** Fails when a client that lies beside the release jar is not there. */
    static void needs(String className, String what, String... files) {
        if (!ClassUtils.isPresent(className, Remote.class.getClassLoader())) {
            throw new StartRefusedException(
                    what + " is configured, and its client is not there.",
                    "Put " + String.join(", ", files) + " into the folder drivers beside the node's jar.");
        }
    }

    /** What is made of a configuration that makes no sense. */
    @FunctionalInterface
    interface Made<T> {
        T get();
    }

    /** Refuses the start in the words of what was wrong. */
    static <T> T checked(String source, Made<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new StartRefusedException(
                    PREFIX + source + " cannot be used: " + e.getMessage() + ".",
                    "Change it; docs/security.md has examples.");
        }
    }

    /** Fails with IllegalArgumentException, to be {@link #checked}, when it is not there. */
    static String needed(String key, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(key + " is not set");
        }
        return value;
    }

    static int millis(Duration duration) {
        return Math.toIntExact(Math.max(1, Math.min(duration.toMillis(), 3_600_000)));
    }
}
