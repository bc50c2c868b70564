/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.robustmq.net.TlsContexts;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ClientAuth;
import io.robustmq.protocol.ListenerSpec;
import java.security.GeneralSecurityException;
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
    private final ConcurrentHashMap<Key, Loaded> contexts = new ConcurrentHashMap<>();

    BundleTlsContexts(@Nullable SslBundles bundles) {
        this.bundles = bundles;
    }

    /** Listeners that share a bundle share its keys, as far as they ask the same of clients. Immutable. */
    private record Key(String bundle, ClientAuth clientAuth) {}

    /** Immutable. */
    private record Loaded(SslContext context, ServerNames names) {}

    @Override
    public SslContext current(ListenerSpec spec) {
        ListenerSpec.Tls tls = spec.tls();
        if (tls == null) {
            return NONE.current(spec);
        }
        for (String further : tls.namedBundles()) {
            loaded(spec, new Key(further, tls.clientAuth()));
        }
        return loaded(spec, new Key(tls.bundle(), tls.clientAuth())).context;
    }

    @Override
    public SslContext named(ListenerSpec spec, String serverName) {
        ListenerSpec.Tls tls = spec.tls();
        if (tls != null && !tls.namedBundles().isEmpty()) {
            for (String name : tls.bundles()) {
                Loaded each = loaded(spec, new Key(name, tls.clientAuth()));
                if (each.names.include(serverName)) {
                    return each.context;
                }
            }
        }
        return current(spec);
    }

    private Loaded loaded(ListenerSpec spec, Key key) {
        Loaded known = contexts.get(key);
        return known == null ? contexts.computeIfAbsent(key, missing -> load(spec, missing)) : known;
    }

    private Loaded load(ListenerSpec spec, Key key) {
        String name = key.bundle;
        String remedy =
                "Define spring.ssl.bundle.pem." + name + " (or .jks." + name + ") with a certificate and its key.";
        if (bundles == null) {
            throw new StartRefusedException(spec.name() + " needs the SSL bundle '" + name + "'.", remedy);
        }
        try {
            SslBundle bundle = bundles.getBundle(name);
            if (key.clientAuth != ClientAuth.NONE && bundle.getStores().getTrustStore() == null) {
                // Java would trust every authority that browsers trust.
                throw new StartRefusedException(
                        spec.name() + " asks for client certificates, and the SSL bundle '" + name
                                + "' trusts nobody's.",
                        "Give the bundle the authority that signs them: spring.ssl.bundle.pem." + name
                                + ".truststore.certificate (or .jks." + name + ".truststore.location).");
            }
            Loaded loaded = load(bundle, key.clientAuth);
            bundles.addBundleUpdateHandler(name, changed -> replace(key, changed));
            return loaded;
        } catch (StartRefusedException e) {
            throw e;
        } catch (NoSuchSslBundleException e) {
            throw new StartRefusedException(
                    spec.name() + " needs the SSL bundle '" + name + "', and there is none of that name.", remedy, e);
        } catch (SSLException | GeneralSecurityException | RuntimeException e) {
            throw new StartRefusedException(
                    spec.name() + " cannot use the SSL bundle '" + name + "': " + e.getMessage(), remedy, e);
        }
    }

    private void replace(Key key, SslBundle changed) {
        try {
            if (key.clientAuth != ClientAuth.NONE && changed.getStores().getTrustStore() == null) {
                throw new GeneralSecurityException("it trusts no client certificate any more");
            }
            contexts.put(key, load(changed, key.clientAuth));
            LOG.info("SSL bundle '{}' was reloaded: new connections use it", key.bundle);
        } catch (SSLException | GeneralSecurityException | RuntimeException e) {
            LOG.error("SSL bundle '{}' cannot be used; the one before stays", key.bundle, e);
        }
    }

    private static Loaded load(SslBundle bundle, ClientAuth clientAuth) throws SSLException, GeneralSecurityException {
        ServerNames names =
                ServerNames.of(OwnCertificates.check(bundle.getManagers().getKeyManagers()));
        SslOptions options = bundle.getOptions();
        SslContextBuilder builder = SslContextBuilder.forServer(
                        bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory())
                .clientAuth(
                        switch (clientAuth) {
                            case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
                            case OPTIONAL -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
                            case REQUIRED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
                        });
        if (options.getEnabledProtocols() != null) {
            builder.protocols(options.getEnabledProtocols());
        }
        if (options.getCiphers() != null) {
            builder.ciphers(List.of(options.getCiphers()));
        }
        return new Loaded(builder.build(), names);
    }
}
