/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jwt;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as they stand in files and configurations. Messages name no key. Stateless. */
final class KeyText {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int SECRET_BYTES_MIN = 32;

    private KeyText() {}

    /** A secret that is shared with whoever signs. */
    static List<JWK> secret(byte[] bytes, boolean base64) {
        byte[] secret = bytes;
        if (base64) {
            String text = new String(bytes, StandardCharsets.US_ASCII).strip();
            secret = text.indexOf('-') >= 0 || text.indexOf('_') >= 0
                    ? Base64.getUrlDecoder().decode(text)
                    : Base64.getDecoder().decode(text);
        }
        if (secret.length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "the secret has fewer than " + SECRET_BYTES_MIN + " bytes, which can be guessed (RFC 7518, 3.2)");
        }
        return List.of(new OctetSequenceKey.Builder(secret).build());
    }

    /** Editors end a file with a line break, which is no part of a secret. */
    static List<JWK> secretFile(byte[] bytes, boolean base64) {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return secret(Arrays.copyOf(bytes, end), base64);
    }

    /** Public keys and certificates as PEM, or a set of keys as JSON. */
    static List<JWK> publicKeys(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        return text.startsWith("{") ? set(text) : pem(text);
    }

    /** Of a set what is public; who publishes a secret has none. */
    static List<JWK> set(String json) {
        try {
            List<JWK> keys = JWKSet.parse(json).getKeys().stream()
                    .filter(KeyMatch::isPublic)
                    .map(JWK::toPublicJWK)
                    .toList();
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("the set has no public RSA or EC key");
            }
            return keys;
        } catch (ParseException e) {
            throw new IllegalArgumentException("it is no set of keys (RFC 7517)");
        }
    }

    private static List<JWK> pem(String text) {
        List<JWK> keys = new ArrayList<>();
        Matcher block = PEM.matcher(text);
        while (block.find()) {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            keys.add(jwk(block.group(1).equals("CERTIFICATE") ? certified(der) : key(der)));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("it has no PUBLIC KEY and no CERTIFICATE as PEM");
        }
        return keys;
    }

    private static PublicKey certified(byte[] der) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a certificate in it cannot be read");
        }
    }

    private static PublicKey key(byte[] der) {
        for (String kind : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // Then it is of the other kind, or none.
            }
        }
        throw new IllegalArgumentException("a key in it is neither RSA nor EC");
    }

    private static JWK jwk(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return new RSAKey.Builder(rsa).build();
        }
        if (key instanceof ECPublicKey ec) {
            Curve curve = Curve.forECParameterSpec(ec.getParams());
            if (curve != null) {
                return new ECKey.Builder(curve, ec).build();
            }
        }
        throw new IllegalArgumentException("a key in it is neither RSA nor of the curves P-256, P-384, P-521");
    }
}
