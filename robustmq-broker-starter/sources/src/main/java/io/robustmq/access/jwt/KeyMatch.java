/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.List;

/**
 * Which key fits which token. The algorithm is chosen by the key, never by the token: a public key is no secret for HS256, and
 * nothing is signed with "none" (RFC 8725, 3.1 and 3.2). Stateless.
 */
final class KeyMatch {
    private static final int RSA_BITS_MIN = 2048;

    private KeyMatch() {}

    static List<JWK> among(List<JWK> keys, JWSHeader header) {
        return keys.stream().filter(key -> fits(key, header)).toList();
    }

    private static boolean fits(JWK key, JWSHeader header) {
        JWSAlgorithm algorithm = header.getAlgorithm();
        boolean named = key.getKeyID() == null
                || header.getKeyID() == null
                || key.getKeyID().equals(header.getKeyID());
        boolean signs = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean free = key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm);
        return named && signs && free && isOfType(key, algorithm);
    }

    private static boolean isOfType(JWK key, JWSAlgorithm algorithm) {
        if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)) {
            // At least as many bits as the hash (RFC 7518, 3.2).
            return key instanceof OctetSequenceKey secret && secret.size() >= bitsOf(algorithm);
        }
        if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
            return key instanceof RSAKey rsa && rsa.size() >= RSA_BITS_MIN;
        }
        if (JWSAlgorithm.Family.EC.contains(algorithm)) {
            return key instanceof ECKey ec && Curve.forJWSAlgorithm(algorithm).contains(ec.getCurve());
        }
        return false;
    }

    private static int bitsOf(JWSAlgorithm algorithm) {
        return Integer.parseInt(algorithm.getName().substring(2));
    }

    /** Whether it is one that somebody else may know. */
    static boolean isPublic(JWK key) {
        return key.getKeyType().equals(KeyType.RSA) || key.getKeyType().equals(KeyType.EC);
    }
}
