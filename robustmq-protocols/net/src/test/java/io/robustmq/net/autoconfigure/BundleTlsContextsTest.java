/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ListenerSpec;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;

/** Keys come from the bundle that a listener names, and change with it. */
class BundleTlsContextsTest {
    private static final ListenerSpec SPEC =
            ListenerSpec.tcp("echo", 0, (channel, loop, info) -> {}).withTls("node");

    @TempDir
    Path directory;

    private SslBundle bundle(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
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
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).as(said).isZero();
        JksSslStoreDetails details =
                new JksSslStoreDetails("PKCS12", null, store.toUri().toString(), "changeit");
        return SslBundle.of(new JksSslStoreBundle(details, null));
    }

    @Test
    void aReloadedBundleIsForNewConnectionsAndABrokenOneIsNot() throws Exception {
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("node", bundle("first"));
        BundleTlsContexts contexts = new BundleTlsContexts(bundles);
        SslContext first = contexts.current(SPEC);
        assertThat(contexts.current(SPEC)).isSameAs(first);

        bundles.updateBundle("node", bundle("second"));
        SslContext second = contexts.current(SPEC);
        assertThat(second).isNotSameAs(first);

        JksSslStoreDetails missing = new JksSslStoreDetails("PKCS12", null, "file:/no/such/store.p12", "changeit");
        SslStoreBundle broken = new JksSslStoreBundle(missing, null);
        bundles.updateBundle("node", SslBundle.of(broken));
        assertThat(contexts.current(SPEC)).isSameAs(second);
    }

    @Test
    void aBundleThatIsNotThereRefusesTheStartByName() {
        BundleTlsContexts contexts = new BundleTlsContexts(new DefaultSslBundleRegistry());
        assertThatThrownBy(() -> contexts.current(SPEC))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused).hasMessageContaining("echo-tls needs the SSL bundle 'node'");
                    assertThat(refused.action()).contains("spring.ssl.bundle.pem.node");
                });
    }
}
