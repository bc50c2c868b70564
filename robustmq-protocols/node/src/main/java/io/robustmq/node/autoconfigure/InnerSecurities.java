/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.node.StartRefusedException;
import io.robustmq.node.config.InnerPortExposure;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.rpc.InnerSecurity;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** What the configuration says that nodes prove to each other. Stateless. */
final class InnerSecurities {
    private static final Logger LOG = LoggerFactory.getLogger(InnerSecurities.class);

    private InnerSecurities() {}

    static InnerSecurity of(RobustMqProperties properties, Supplier<@Nullable SslBundles> bundles) {
        RobustMqProperties.Rpc rpc = properties.rpc();
        List<String> secrets = InnerPortExposure.secrets(rpc);
        if (!secrets.isEmpty()) {
            return InnerSecurity.ofSecrets(properties.clusterName(), secrets);
        }
        String bundle = rpc.tls().bundle();
        return bundle == null ? InnerSecurity.NONE : ofBundle(bundle, rpc.tls().allowedNames(), bundles.get());
    }

    private static InnerSecurity ofBundle(String name, List<String> allowedNames, @Nullable SslBundles bundles) {
        String remedy = "Define spring.ssl.bundle.pem." + name
                + " (or .jks." + name + ") with this node's certificate, its key, and as trust store the authority"
                + " that signs those of nodes.";
        if (bundles == null) {
            throw new StartRefusedException("The inner port needs the SSL bundle '" + name + "'.", remedy);
        }
        try {
            SslBundle bundle = bundles.getBundle(name);
            requireStores(bundle);
            InnerSecurity security = InnerSecurity.ofCertificates(
                    bundle.getManagers().getKeyManagerFactory(),
                    bundle.getManagers().getTrustManagerFactory(),
                    allowedNames);
            bundles.addBundleUpdateHandler(name, changed -> replace(security, name, changed, allowedNames));
            return security;
        } catch (NoSuchSslBundleException e) {
            throw new StartRefusedException(
                    "The inner port needs the SSL bundle '" + name + "', and there is none of that name.", remedy, e);
        } catch (InnerSecurity.UnusableException | RuntimeException e) {
            throw new StartRefusedException(
                    "The inner port cannot use the SSL bundle '" + name + "': " + e.getMessage(), remedy, e);
        }
    }

    private static void requireStores(SslBundle bundle) {
        if (bundle.getStores().getKeyStore() == null) {
            throw new IllegalStateException("it has no certificate of this node.");
        }
        if (bundle.getStores().getTrustStore() == null) {
            // Java would trust every authority that browsers trust.
            throw new IllegalStateException("it has no trust store, so nobody could be believed.");
        }
    }

    private static void replace(InnerSecurity security, String name, SslBundle changed, List<String> allowedNames) {
        try {
            requireStores(changed);
            security.replace(
                    changed.getManagers().getKeyManagerFactory(),
                    changed.getManagers().getTrustManagerFactory(),
                    allowedNames);
            LOG.info("SSL bundle '{}' was reloaded: new connections between nodes use it", name);
        } catch (InnerSecurity.UnusableException | RuntimeException e) {
            LOG.error("SSL bundle '{}' cannot be used between nodes; the one before stays", name, e);
        }
    }
}
