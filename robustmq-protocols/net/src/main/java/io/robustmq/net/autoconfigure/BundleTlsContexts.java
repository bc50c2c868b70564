/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.robustmq.net.TlsContexts;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ListenerSpec;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * Keys from Boot's SSL bundles ({@code spring.ssl.bundle.*}): a bundle that is reloaded is for the connections from then on. One
 * that cannot be used leaves the keys before it in place. Thread-safe.
 */
final class BundleTlsContexts implements TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(BundleTlsContexts.class);

    private final @Nullable SslBundles bundles;
    private final ConcurrentHashMap<String, SslContext> contexts = new ConcurrentHashMap<>();

    BundleTlsContexts(@Nullable SslBundles bundles) {
        this.bundles = bundles;
    }

    @Override
    public SslContext current(ListenerSpec spec) {
        String name = spec.tlsBundle();
        if (name == null) {
            return NONE.current(spec);
        }
        SslContext known = contexts.get(name);
        return known == null ? contexts.computeIfAbsent(name, missing -> load(spec, missing)) : known;
    }

    private SslContext load(ListenerSpec spec, String name) {
        String remedy =
                "Define spring.ssl.bundle.pem." + name + " (or .jks." + name + ") with a certificate and its key.";
        if (bundles == null) {
            throw new StartRefusedException(spec.name() + " needs the SSL bundle '" + name + "'.", remedy);
        }
        try {
            SslContext context = context(bundles.getBundle(name));
            bundles.addBundleUpdateHandler(name, changed -> replace(name, changed));
            return context;
        } catch (NoSuchSslBundleException e) {
            throw new StartRefusedException(
                    spec.name() + " needs the SSL bundle '" + name + "', and there is none of that name.", remedy, e);
        } catch (SSLException | RuntimeException e) {
            throw new StartRefusedException(
                    spec.name() + " cannot use the SSL bundle '" + name + "': " + e.getMessage(), remedy, e);
        }
    }

    private void replace(String name, SslBundle changed) {
        try {
            contexts.put(name, context(changed));
            LOG.info("SSL bundle '{}' was reloaded: new connections use it", name);
        } catch (SSLException | RuntimeException e) {
            LOG.error("SSL bundle '{}' cannot be used; the one before stays", name, e);
        }
    }

    private static SslContext context(SslBundle bundle) throws SSLException {
        SslOptions options = bundle.getOptions();
        SslContextBuilder builder = SslContextBuilder.forServer(
                        bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory());
        if (options.getEnabledProtocols() != null) {
            builder.protocols(options.getEnabledProtocols());
        }
        if (options.getCiphers() != null) {
            builder.ciphers(List.of(options.getCiphers()));
        }
        return builder.build();
    }
}
