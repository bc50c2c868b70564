/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** Signs certificates of nodes. Immutable. */
final class TestAuthority {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final byte[] ECDSA_SHA256 =
            Der.of(Der.SEQUENCE, new byte[] {0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02});
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
    private static final byte[] ALTERNATIVE_NAMES = {0x06, 0x03, 0x55, 0x1D, 0x11};
    private static final byte[] BASIC_CONSTRAINTS = {0x06, 0x03, 0x55, 0x1D, 0x13};
    private static final byte[] IS_AUTHORITY = {0x30, 0x03, 0x01, 0x01, (byte) 0xFF};
    private static final int OCTET_STRING = 0x04;
    private static final int DNS_NAME = 0x82;

    private final String name;
    private final KeyPair keys = pair();
    private final X509Certificate certificate;

    TestAuthority(String name) throws GeneralSecurityException {
        this.name = name;
        this.certificate = sign(name, keys, extension(BASIC_CONSTRAINTS, IS_AUTHORITY), "20991231235959Z");
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    TrustManagerFactory trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory;
    }

    KeyManagerFactory node(String commonName, String dnsName) throws Exception {
        return node(commonName, dnsName, "20991231235959Z");
    }

    KeyManagerFactory node(String commonName, String dnsName, String notAfter) throws Exception {
        KeyPair own = pair();
        byte[] names = Der.of(Der.SEQUENCE, Der.of(DNS_NAME, Der.ascii(dnsName)));
        return factory(
                own.getPrivate(), sign(commonName, own, extension(ALTERNATIVE_NAMES, names), notAfter), certificate);
    }

    static KeyManagerFactory factory(PrivateKey key, X509Certificate... chain) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key, PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
        factory.init(store, PASSWORD);
        return factory;
    }

    private X509Certificate sign(String subject, KeyPair own, byte[] extension, String notAfter)
            throws GeneralSecurityException {
        byte[] unsigned = Der.of(
                Der.SEQUENCE,
                Der.of(Der.context(0), Der.of(Der.INTEGER, new byte[] {2})),
                Der.of(Der.INTEGER, new byte[] {1}),
                ECDSA_SHA256,
                name(name),
                Der.of(
                        Der.SEQUENCE,
                        Der.of(Der.UTC_TIME, Der.ascii("200101000000Z")),
                        Der.of(Der.GENERALIZED_TIME, Der.ascii(notAfter))),
                name(subject),
                own.getPublic().getEncoded(),
                Der.of(Der.context(3), Der.of(Der.SEQUENCE, extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(unsigned);
        byte[] signed =
                Der.of(Der.SEQUENCE, unsigned, ECDSA_SHA256, Der.of(Der.BIT_STRING, new byte[] {0}, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
    }

    private static byte[] name(String commonName) {
        byte[] text = Der.of(Der.UTF8_STRING, Der.ascii(commonName));
        return Der.of(Der.SEQUENCE, Der.of(Der.SET, Der.of(Der.SEQUENCE, COMMON_NAME, text)));
    }

    private static byte[] extension(byte[] id, byte[] value) {
        return Der.of(Der.SEQUENCE, id, Der.of(OCTET_STRING, value));
    }
}
