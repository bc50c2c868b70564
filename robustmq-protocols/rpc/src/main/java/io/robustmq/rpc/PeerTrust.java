/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is believed, the same in both directions. That the peer holds the key of its certificate is TLS's to check. The host that
 * was called is not compared: every node may do everything, so a node that stands in for another one wins nothing. Thread-safe.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTrust.class);
    private static final X509Certificate[] NONE = {};
    private static final int TYPE_DNS = 2;
    private static final int TYPE_IP = 7;

    private final Rule rule;
    private final X509Certificate[] issuers;
    private final LongAdder refused;

    /** Throws when the chain is not believed. */
    private interface Rule {
        void check(X509Certificate[] chain, String authType, boolean client) throws CertificateException;
    }

    private PeerTrust(Rule rule, X509Certificate[] issuers, LongAdder refused) {
        this.rule = rule;
        this.issuers = issuers;
        this.refused = refused;
    }

    /** In these keys, whatever else their certificates say. */
    static PeerTrust inKeys(List<byte[]> publicKeys, LongAdder refused) {
        return new PeerTrust(
                (chain, authType, client) -> {
                    byte[] key = chain[0].getPublicKey().getEncoded();
                    if (publicKeys.stream().noneMatch(each -> MessageDigest.isEqual(each, key))) {
                        throw new CertificateException("its key is not made of the secret of this cluster");
                    }
                },
                NONE,
                refused);
    }

    /** In what the authorities sign, as far as it has one of the names; without names, in all of it. */
    static PeerTrust inAuthorities(X509TrustManager authorities, List<String> allowedNames, LongAdder refused) {
        return new PeerTrust(
                (chain, authType, client) -> {
                    if (client) {
                        authorities.checkClientTrusted(chain, authType);
                    } else {
                        authorities.checkServerTrusted(chain, authType);
                    }
                    if (!allowedNames.isEmpty()) {
                        List<String> names = names(chain[0]);
                        if (names.stream()
                                .noneMatch(name -> allowedNames.stream().anyMatch(name::equalsIgnoreCase))) {
                            throw new CertificateException(
                                    "its names " + names + " are not among robustmq.rpc.tls.allowed-names");
                        }
                    }
                },
                authorities.getAcceptedIssuers(),
                refused);
    }

    /** Common name, DNS names and addresses. */
    private static List<String> names(X509Certificate certificate) throws CertificateException {
        List<String> names = new ArrayList<>();
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(part.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            throw new CertificateException("its subject cannot be read", e);
        }
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> each : alternatives) {
                if (each.get(0).equals(TYPE_DNS) || each.get(0).equals(TYPE_IP)) {
                    names.add(String.valueOf(each.get(1)));
                }
            }
        }
        return names;
    }

    private void check(X509Certificate[] chain, String authType, boolean client) throws CertificateException {
        try {
            if (chain == null || chain.length == 0) {
                throw new CertificateException("it shows no certificate");
            }
            rule.check(chain, authType, client);
        } catch (CertificateException | RuntimeException e) {
            refused.increment();
            long count = refused.sum();
            if (Long.bitCount(count) == 1) {
                // The 1st, 2nd, 4th, 8th...: whoever knocks all day long must not fill the log.
                LOG.warn(
                        "A {} on the inner port is not believed ({} so far): {}",
                        client ? "caller" : "node that was called",
                        count,
                        e.getMessage());
            }
            throw e instanceof CertificateException known ? known : new CertificateException("it cannot be read", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, authType, true);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, authType, false);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, authType, true);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, authType, false);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType, true);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType, false);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return issuers.clone();
    }
}
