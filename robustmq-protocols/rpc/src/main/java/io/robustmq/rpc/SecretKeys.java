/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.NamedParameterSpec;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * An Ed25519 key and its certificate, made of a secret: whoever has the secret has the key, and nobody else. TLS then proves the
 * secret without sending it, in both directions. Immutable.
 */
record SecretKeys(PrivateKey privateKey, X509Certificate certificate) {
    private static final String PURPOSE = "robustmq inner rpc 1\0";
    /** Whoever is called shows the public key, which is enough to try guesses on: each shall cost something. */
    private static final int ITERATIONS = 100_000;

    private static final int SEED_BITS = 256;
    private static final byte[] ED25519 = {0x06, 0x03, 0x2B, 0x65, 0x70};
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};

    static SecretKeys derive(String cluster, String secret) {
        try {
            byte[] salt = (PURPOSE + cluster).getBytes(StandardCharsets.UTF_8);
            byte[] seed = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(secret.toCharArray(), salt, ITERATIONS, SEED_BITS))
                    .getEncoded();
            return ofSeed(seed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2 or no Ed25519", e);
        }
    }

    static SecretKeys ofSeed(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        // The private key of RFC 8032 is 32 random bytes; these are as good, and the same on every node.
        generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
        KeyPair pair = generator.generateKeyPair();
        return new SecretKeys(pair.getPrivate(), certificate(pair));
    }

    byte[] publicKey() {
        return certificate.getPublicKey().getEncoded();
    }

    /** Self-signed; nobody looks at names and dates, because the key is what is believed. */
    private static X509Certificate certificate(KeyPair pair) throws GeneralSecurityException {
        byte[] algorithm = Der.of(Der.SEQUENCE, ED25519);
        byte[] name = Der.of(
                Der.SEQUENCE,
                Der.of(Der.SET, Der.of(Der.SEQUENCE, COMMON_NAME, Der.of(Der.UTF8_STRING, Der.ascii("robustmq")))));
        byte[] unsigned = Der.of(
                Der.SEQUENCE,
                Der.of(Der.context(0), Der.of(Der.INTEGER, new byte[] {2})),
                Der.of(Der.INTEGER, new byte[] {1}),
                algorithm,
                name,
                Der.of(
                        Der.SEQUENCE,
                        Der.of(Der.UTC_TIME, Der.ascii("200101000000Z")),
                        Der.of(Der.GENERALIZED_TIME, Der.ascii("21991231235959Z"))),
                name,
                pair.getPublic().getEncoded());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(unsigned);
        byte[] signed =
                Der.of(Der.SEQUENCE, unsigned, algorithm, Der.of(Der.BIT_STRING, new byte[] {0}, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
    }

    @Override
    public String toString() {
        return "SecretKeys[******]";
    }

    /** Hands out the seed once. Not thread-safe: used by one key generation. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] seed;
        private boolean used;

        Seed(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (used || bytes.length != seed.length) {
                throw new IllegalStateException("a key of Ed25519 needs " + seed.length + " bytes, once");
            }
            used = true;
            System.arraycopy(seed, 0, bytes, 0, seed.length);
        }
    }
}
