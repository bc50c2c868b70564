/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * The certificates that a node shows, with the proof that it has their keys: a certificate and a key that do not belong
 * together are found by the handshakes otherwise, all of which fail. Stateless.
 */
final class OwnCertificates {
    private static final List<String> KEY_TYPES = List.of("EC", "RSA", "RSASSA-PSS", "EdDSA", "Ed25519", "Ed448");
    private static final byte[] PROBE = "does the key fit the certificate?".getBytes(StandardCharsets.US_ASCII);

    private OwnCertificates() {}

    /** All of them; fails when there is none or when a key does not fit. */
    static List<X509Certificate> check(KeyManager[] managers) throws GeneralSecurityException {
        Map<String, X509Certificate> byAlias = new LinkedHashMap<>();
        for (KeyManager manager : managers) {
            if (manager instanceof X509KeyManager keys) {
                for (String type : KEY_TYPES) {
                    String[] aliases = keys.getServerAliases(type, null);
                    for (String alias : aliases == null ? new String[0] : aliases) {
                        X509Certificate[] chain = keys.getCertificateChain(alias);
                        PrivateKey key = keys.getPrivateKey(alias);
                        if (chain != null && chain.length > 0 && key != null && !byAlias.containsValue(chain[0])) {
                            check(chain[0], key);
                            byAlias.put(alias, chain[0]);
                        }
                    }
                }
            }
        }
        if (byAlias.isEmpty()) {
            throw new KeyException("it has no certificate with a key");
        }
        return List.copyOf(byAlias.values());
    }

    private static void check(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> null;
        };
        if (algorithm == null) {
            return;
        }
        boolean fits;
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(PROBE);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certificate.getPublicKey());
            verifying.update(PROBE);
            fits = verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            fits = false;
        }
        if (!fits) {
            throw new KeyException("the key is not that of the certificate of "
                    + certificate.getSubjectX500Principal().getName());
        }
    }
}
