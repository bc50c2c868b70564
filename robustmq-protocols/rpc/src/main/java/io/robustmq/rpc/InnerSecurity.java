/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What peers prove to each other before a single request is read: TLS 1.3 with a certificate on both sides, always. With a shared
 * secret the key of that certificate is made of the secret, and it is the only one that is believed; with certificates of an
 * operator's own authority that authority is. Thread-safe.
 */
public final class InnerSecurity {
    /** Whoever reaches the port may do everything: for the loopback only. */
    public static final InnerSecurity NONE = new InnerSecurity("nothing", null, new LongAdder());

    private final String how;
    private final @Nullable ReplaceableSslContext server;
    private final @Nullable ReplaceableSslContext client;
    private final LongAdder refused;

    private InnerSecurity(String how, @Nullable Contexts contexts, LongAdder refused) {
        this.how = how;
        this.server = contexts == null ? null : new ReplaceableSslContext(contexts.server);
        this.client = contexts == null ? null : new ReplaceableSslContext(contexts.client);
        this.refused = refused;
    }

    /** Both directions of one node. Immutable. */
    private record Contexts(SslContext server, SslContext client) {}

    /** Something is wrong with what is given to prove oneself with. */
    public static final class UnusableException extends Exception {
        UnusableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * @param cluster a part of the key, so that clusters with the same secret still do not believe each other
     * @param secrets the first is proved to others, each of them is believed, so that a secret can be replaced node by node
     */
    public static InnerSecurity ofSecrets(String cluster, List<String> secrets) {
        SecretKeys own = SecretKeys.derive(cluster, secrets.get(0));
        List<byte[]> believed = secrets.stream()
                .map(secret -> SecretKeys.derive(cluster, secret).publicKey())
                .toList();
        LongAdder refused = new LongAdder();
        PeerTrust trust = PeerTrust.inKeys(believed, refused);
        try {
            SslContextBuilder server = SslContextBuilder.forServer(own.privateKey(), own.certificate());
            SslContextBuilder client = SslContextBuilder.forClient().keyManager(own.privateKey(), own.certificate());
            return new InnerSecurity("shared secret", contexts(server, client, trust), refused);
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS 1.3 with Ed25519", e);
        }
    }

    /**
     * @param authorities who signs the certificates of nodes
     * @param allowedNames if there are any, a peer's certificate has to have one of them
     */
    public static InnerSecurity ofCertificates(
            KeyManagerFactory keys, TrustManagerFactory authorities, List<String> allowedNames)
            throws UnusableException {
        LongAdder refused = new LongAdder();
        return new InnerSecurity("certificates", contexts(keys, authorities, allowedNames, refused), refused);
    }

    /** Connections from now on use these; those that are open stay. */
    public void replace(KeyManagerFactory keys, TrustManagerFactory authorities, List<String> allowedNames)
            throws UnusableException {
        if (server == null || client == null) {
            throw new IllegalStateException("nothing is proved here");
        }
        Contexts contexts = contexts(keys, authorities, allowedNames, refused);
        server.replace(contexts.server);
        client.replace(contexts.client);
    }

    private static Contexts contexts(
            KeyManagerFactory keys, TrustManagerFactory authorities, List<String> allowedNames, LongAdder refused)
            throws UnusableException {
        for (var each : authorities.getTrustManagers()) {
            if (each instanceof X509TrustManager trusted) {
                PeerTrust trust = PeerTrust.inAuthorities(trusted, List.copyOf(allowedNames), refused);
                try {
                    return contexts(
                            SslContextBuilder.forServer(keys),
                            SslContextBuilder.forClient().keyManager(keys),
                            trust);
                } catch (SSLException | RuntimeException e) {
                    throw new UnusableException(String.valueOf(e.getMessage()), e);
                }
            }
        }
        throw new IllegalStateException("no X.509 in this trust store");
    }

    private static Contexts contexts(SslContextBuilder server, SslContextBuilder client, PeerTrust trust)
            throws SSLException {
        return new Contexts(
                common(server, trust).clientAuth(ClientAuth.REQUIRE).build(),
                common(client, trust).build());
    }

    private static SslContextBuilder common(SslContextBuilder builder, PeerTrust trust) {
        return GrpcSslContexts.configure(builder, SslProvider.JDK)
                .trustManager(trust)
                .protocols("TLSv1.3");
    }

    /** Whether peers prove anything at all. */
    public boolean proves() {
        return server != null;
    }

    /** By what, for people. */
    public String how() {
        return how;
    }

    /** Peers whose proof was not believed, called ones included. */
    public long refused() {
        return refused.sum();
    }

    @Nullable
    SslContext server() {
        return server;
    }

    @Nullable
    SslContext client() {
        return client;
    }
}
